-- What own.yaml says, by hand.
CREATE TYPE department AS ENUM (SELECT DISTINCT department FROM lines ORDER BY ALL);
CREATE TEMP TABLE narrow AS  -- the files are read once; types are as narrow as this data allows
SELECT customer_id::INTEGER AS customer_id, order_id::INTEGER AS order_id,
       ordered_at, department::department AS department,
       product_id::SMALLINT AS product_id, quantity::TINYINT AS quantity, amount
FROM lines;
SET VARIABLE as_of = (SELECT max(ordered_at)::DATE FROM narrow);

CREATE TEMP TABLE customers AS
WITH spend AS (
    SELECT customer_id,
           round(sum(amount) * 100) AS net,
           round(sum(amount) FILTER (amount > 0) * 100) AS bought,
           min(ordered_at) FILTER (amount > 0)::DATE AS first_order_on,
           max(ordered_at) FILTER (amount > 0)::DATE AS last_order_on,
           count(*) FILTER (amount > 0) AS bought_lines,
           sum(quantity) FILTER (amount > 0) AS units,
           max(quantity) FILTER (amount > 0) AS most_units,
           min(amount) FILTER (amount > 0) AS smallest_line,
           max(amount) AS largest_line
    FROM narrow GROUP BY customer_id
), orders AS (
    SELECT customer_id, count(*) AS frequency,
           min(spend) AS smallest_order,
           max(spend) AS largest_order,
           min_by(department, (ordered_at, department)) AS first_department,
           min_by(department, (-epoch(ordered_at), department)) AS latest_department
    FROM (  -- an order has one moment; of its departments the first by name counts
        SELECT customer_id, any_value(ordered_at) AS ordered_at, min(department) AS department,
               round(sum(amount) * 100) AS spend
        FROM narrow WHERE amount > 0 GROUP BY customer_id, order_id
    )
    GROUP BY customer_id
), departments AS (
    SELECT customer_id, count(*) AS departments,
           min_by(department, (-spend, department)) AS top_department
    FROM (
        SELECT customer_id, department, round(sum(amount) * 100) AS spend
        FROM narrow WHERE amount > 0 GROUP BY customer_id, department
    )
    GROUP BY customer_id
), products AS (
    SELECT customer_id, count(*) AS different_products
    FROM (SELECT DISTINCT customer_id, product_id FROM narrow WHERE amount > 0)
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
       units,
       units / bought_lines AS mean_units,
       most_units,
       bought / (bought_lines * 100) AS mean_line,
       smallest_line,
       largest_line,
       bought / (frequency * 100) AS mean_order,
       smallest_order / 100 AS smallest_order,
       largest_order / 100 AS largest_order,
       different_products,
       first_department,
       latest_department
FROM spend JOIN orders USING (customer_id) JOIN departments USING (customer_id)
JOIN products USING (customer_id);

CREATE TEMP TABLE described AS
SELECT *,
       mean_line >= 50 AND smallest_line >= 10 AS dear_lines,
       largest_order >= 500 AND mean_order <= 200 AS one_big_order,
       units >= 100 AND mean_units >= 1.5 AND most_units >= 6 AS stocks_up,
       different_products >= 40 AND smallest_order <= 20 AS curious,
       first_department = 'Food' AND latest_department <> 'Food' AS came_for_food,
       first_department = 'Toys' AND latest_department = 'Toys' AND frequency >= 2 AS toys_all_along
FROM customers;

COPY described TO 'customers.parquet' (COMPRESSION zstd);
COPY (SELECT customer_id, mean_line, smallest_line FROM described WHERE dear_lines)
    TO 'personas/dear_lines.csv' (HEADER);
COPY (SELECT customer_id, largest_order, mean_order, largest_line FROM described WHERE one_big_order)
    TO 'personas/one_big_order.csv' (HEADER);
COPY (SELECT customer_id, units, mean_units, most_units FROM described WHERE stocks_up)
    TO 'personas/stocks_up.csv' (HEADER);
COPY (SELECT customer_id, different_products, smallest_order FROM described WHERE curious)
    TO 'personas/curious.csv' (HEADER);
COPY (SELECT customer_id, first_department, latest_department FROM described WHERE came_for_food)
    TO 'personas/came_for_food.csv' (HEADER);
COPY (
    SELECT customer_id, first_department, latest_department, frequency FROM described WHERE toys_all_along
) TO 'personas/toys_all_along.csv' (HEADER);
