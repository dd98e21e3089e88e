-- What departments-3000.yaml says, by hand.
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
           max(ordered_at) FILTER (amount > 0) AS last_order_on
    FROM narrow GROUP BY customer_id
), orders AS (
    SELECT customer_id, count(*) AS frequency
    FROM (SELECT DISTINCT customer_id, order_id FROM narrow WHERE amount > 0)
    GROUP BY customer_id
), departments AS (
    SELECT customer_id, count(*) AS departments,
           sum(spend) AS bought,
           max(spend) AS top_spend,
           min_by(department, (-spend, department)) AS top_department,
           coalesce(sum(spend) FILTER (department = 'department-0001'), 0) AS first_department,
           coalesce(sum(spend) FILTER (department = 'department-1500'), 0) AS small,
           coalesce(sum(spend) FILTER (department = 'department-2400'), 0) AS smaller
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
       first_department / 100 AS spend_on_0001,
       first_department / bought AS "department_share.department-0001",
       small / bought AS "department_share.department-1500",
       smaller / bought AS "department_share.department-2400"
FROM spend JOIN orders USING (customer_id) JOIN departments USING (customer_id);

CREATE TEMP TABLE described AS
SELECT *,
       departments >= 50 AND top_department_share <= 0.2 AS all_over_the_shop,
       top_department_share >= 0.5 AND frequency >= 2 AS of_one_department,
       top_department IN ('department-0001', 'department-0002', 'department-0003')
           AND departments >= 5 AS fans_of_the_large,
       spend_on_0001 >= 100 AND "department_share.department-0001" >= 0.05 AS much_on_the_first,
       "department_share.department-1500" > 0 OR "department_share.department-2400" > 0 AS of_the_small
FROM customers;

COPY described TO 'customers.parquet' (COMPRESSION zstd);
COPY (SELECT customer_id, departments, top_department_share FROM described WHERE all_over_the_shop)
    TO 'personas/all_over_the_shop.csv' (HEADER);
COPY (
    SELECT customer_id, top_department_share, frequency, top_department FROM described WHERE of_one_department
) TO 'personas/of_one_department.csv' (HEADER);
COPY (SELECT customer_id, top_department, departments FROM described WHERE fans_of_the_large)
    TO 'personas/fans_of_the_large.csv' (HEADER);
COPY (
    SELECT customer_id, spend_on_0001, "department_share.department-0001"
    FROM described WHERE much_on_the_first
) TO 'personas/much_on_the_first.csv' (HEADER);
COPY (
    SELECT customer_id, "department_share.department-1500", "department_share.department-2400"
    FROM described WHERE of_the_small
) TO 'personas/of_the_small.csv' (HEADER);
