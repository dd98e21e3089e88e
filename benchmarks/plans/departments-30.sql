-- What departments-30.yaml says, by hand.
CREATE TYPE department AS ENUM (SELECT DISTINCT department FROM lines ORDER BY ALL);
CREATE TEMP TABLE narrow AS  -- the files are read once; types are as narrow as this data allows
SELECT customer_id::INTEGER AS customer_id, order_id::INTEGER AS order_id,
       ordered_at::DATE AS ordered_at, department::department AS department, amount
FROM lines;
SET VARIABLE as_of = (SELECT max(ordered_at) FROM narrow);

CREATE TEMP TABLE customers AS
WITH spend AS (
    SELECT customer_id,
           round(sum(amount) * 100) AS net,
           min(ordered_at) FILTER (amount > 0) AS first_order_on,
           max(ordered_at) FILTER (amount > 0) AS last_order_on,
           bool_or(
               amount > 0 AND department = 'department-0009'
               AND ordered_at >= getvariable('as_of') - 179
           ) AS nine_lately
    FROM narrow GROUP BY customer_id
), orders AS (
    SELECT customer_id, count(*) AS frequency, count(*) FILTER (has_twelve) AS orders_with_0012
    FROM (
        SELECT customer_id, bool_or(department = 'department-0012') AS has_twelve
        FROM narrow WHERE amount > 0 GROUP BY customer_id, order_id
    )
    GROUP BY customer_id
), departments AS (
    SELECT customer_id, count(*) AS departments,
           sum(spend) AS bought,
           max(spend) AS top_spend,
           min_by(department, (-spend, department)) AS top_department,
           coalesce(sum(spend) FILTER (department = 'department-0007'), 0) AS seven,
           coalesce(sum(spend) FILTER (department = 'department-0009'), 0) AS nine,
           coalesce(sum(spend) FILTER (department = 'department-0029'), 0) AS twenty_nine,
           coalesce(sum(spend) FILTER (department = 'department-0030'), 0) AS thirty
    FROM (
        SELECT customer_id, department, round(sum(amount) * 100) AS spend
        FROM narrow WHERE amount > 0 GROUP BY customer_id, department
    )
    GROUP BY customer_id
)
SELECT customer_id,
       getvariable('as_of') - last_order_on AS recency_days,
       frequency,
       net / 100 AS monetary,
       net / 100 / frequency AS average_order_value,
       getvariable('as_of') - first_order_on AS longevity_days,
       departments,
       top_department,
       (bought - net) / bought AS return_share,
       top_spend / bought AS top_department_share,
       seven / 100 AS spend_on_0007,
       orders_with_0012,
       seven / bought AS "department_share.department-0007",
       nine / bought AS "department_share.department-0009",
       twenty_nine / bought AS "department_share.department-0029",
       thirty / bought AS "department_share.department-0030",
       nine_lately AS did_purchase_department_department_0009_180d
FROM spend JOIN orders USING (customer_id) JOIN departments USING (customer_id);

CREATE TEMP TABLE described AS
SELECT *,
       departments >= 20 AND top_department_share <= 0.15 AS all_over_the_shop,
       top_department_share >= 0.5 AND frequency >= 2 AS of_one_department,
       top_department IN ('department-0001', 'department-0002', 'department-0003')
           AND departments >= 3 AS fans_of_three,
       spend_on_0007 >= 100 AND "department_share.department-0007" >= 0.1 AS much_on_seven,
       orders_with_0012 >= 2 AND (
           "department_share.department-0030" >= 0.1 OR "department_share.department-0029" >= 0.1
       ) AS twelve_and_thirty,
       "department_share.department-0009" > 0
           AND NOT did_purchase_department_department_0009_180d AS not_nine_of_late
FROM customers;

COPY described TO 'customers.parquet' (COMPRESSION zstd);
COPY (SELECT customer_id, departments, top_department_share FROM described WHERE all_over_the_shop)
    TO 'personas/all_over_the_shop.csv' (HEADER);
COPY (
    SELECT customer_id, top_department_share, frequency, top_department FROM described WHERE of_one_department
) TO 'personas/of_one_department.csv' (HEADER);
COPY (SELECT customer_id, top_department, departments FROM described WHERE fans_of_three)
    TO 'personas/fans_of_three.csv' (HEADER);
COPY (
    SELECT customer_id, spend_on_0007, "department_share.department-0007" FROM described WHERE much_on_seven
) TO 'personas/much_on_seven.csv' (HEADER);
COPY (
    SELECT customer_id, orders_with_0012, "department_share.department-0030",
           "department_share.department-0029"
    FROM described WHERE twelve_and_thirty
) TO 'personas/twelve_and_thirty.csv' (HEADER);
COPY (
    SELECT customer_id, "department_share.department-0009", did_purchase_department_department_0009_180d
    FROM described WHERE not_nine_of_late
) TO 'personas/not_nine_of_late.csv' (HEADER);
