-- What shares.yaml says, by hand. Whole cents divide exactly: of 2,209.70 the share of 220.97 is 0.1.
CREATE TYPE department AS ENUM (SELECT DISTINCT department FROM lines ORDER BY ALL);
CREATE TEMP TABLE narrow AS  -- the files are read once; types are as narrow as this data allows
SELECT customer_id::INTEGER AS customer_id, order_id::INTEGER AS order_id,
       ordered_at::DATE AS ordered_at, department::department AS department,
       quantity::TINYINT AS quantity, amount
FROM lines;
SET VARIABLE as_of = (SELECT max(ordered_at) FROM narrow);

CREATE TEMP TABLE customers AS
WITH spend AS (
    SELECT customer_id,
           round(sum(amount) * 100) AS net,
           round(sum(amount) FILTER (amount > 0) * 100) AS bought,
           min(ordered_at) FILTER (amount > 0) AS first_order_on,
           max(ordered_at) FILTER (amount > 0) AS last_order_on,
           sum(quantity) FILTER (amount > 0) AS items,
           round(sum(amount) FILTER (amount >= 100) * 100) AS dear,
           sum(quantity) FILTER (amount > 0 AND quantity >= 3) AS stocked_up,
           sum(quantity) FILTER (amount > 0 AND department IN ('Sports', 'Footwear')) AS sporty,
           round(sum(amount) FILTER (
               amount > 0
               AND ordered_at >= getvariable('as_of') - 269 AND ordered_at < getvariable('as_of') - 89
           ) * 100) AS summer,
           round(sum(amount) FILTER (
               amount > 0 AND department IN ('Garden', 'Sports')
               AND ordered_at >= getvariable('as_of') - 269 AND ordered_at < getvariable('as_of') - 89
           ) * 100) AS summer_garden
    FROM narrow GROUP BY customer_id
), orders AS (
    SELECT customer_id, count(*) AS frequency, count(*) FILTER (has_food) AS with_food
    FROM (
        SELECT customer_id, order_id, bool_or(department = 'Food') AS has_food
        FROM narrow WHERE amount > 0 GROUP BY customer_id, order_id
    )
    GROUP BY customer_id
), departments AS (
    SELECT customer_id, count(*) AS departments,
           min_by(department, (-spend, department)) AS top_department,
           sum(spend) FILTER (department = 'Women') AS women,
           sum(spend) FILTER (department = 'Home') AS home,
           sum(spend) FILTER (department = 'Garden') AS garden
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
       coalesce(dear, 0) / bought AS dear_share,
       coalesce(stocked_up, 0) / items AS stock_up_share,
       coalesce(summer_garden, 0) / summer AS summer_garden,
       coalesce(women, 0) / bought AS "department_share.Women",
       coalesce(home, 0) / bought AS "department_share.Home",
       coalesce(garden, 0) / bought AS "department_share.Garden",
       coalesce(sporty, 0) / items AS share_items_department_sports_footwear,
       with_food / frequency AS share_orders_department_food
FROM spend JOIN orders USING (customer_id) JOIN departments USING (customer_id);

CREATE TEMP TABLE described AS
WITH cuts AS (SELECT -quantile_disc(-monetary, 0.5) AS half FROM customers)
SELECT customers.*,
       "department_share.Women" >= 0.2 AND frequency >= 3 AS mostly_women,
       ("department_share.Home" >= 0.25 OR "department_share.Garden" >= 0.25)
           AND recency_days <= 365 AS house_and_garden,
       share_orders_department_food >= 0.4 AND frequency >= 2 AS food_in_most_orders,
       share_items_department_sports_footwear > 0.3 AS sporty,
       dear_share >= 0.5 AND stock_up_share <= 0.1 AND return_share <= 0.2 AS few_dear_things,
       coalesce(summer_garden >= 0.3, false) AND monetary >= half AS summer_people
FROM customers, cuts;

COPY described TO 'customers.parquet' (COMPRESSION zstd);
COPY (SELECT customer_id, "department_share.Women", frequency FROM described WHERE mostly_women)
    TO 'personas/mostly_women.csv' (HEADER);
COPY (
    SELECT customer_id, "department_share.Home", "department_share.Garden", recency_days
    FROM described WHERE house_and_garden
) TO 'personas/house_and_garden.csv' (HEADER);
COPY (
    SELECT customer_id, share_orders_department_food, frequency FROM described WHERE food_in_most_orders
) TO 'personas/food_in_most_orders.csv' (HEADER);
COPY (
    SELECT customer_id, share_items_department_sports_footwear, top_department FROM described WHERE sporty
) TO 'personas/sporty.csv' (HEADER);
COPY (
    SELECT customer_id, dear_share, stock_up_share, return_share FROM described WHERE few_dear_things
) TO 'personas/few_dear_things.csv' (HEADER);
COPY (SELECT customer_id, summer_garden, monetary FROM described WHERE summer_people)
    TO 'personas/summer_people.csv' (HEADER);
