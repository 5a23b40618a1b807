-- A pool of connections: the sample for SQL.
CREATE TABLE pool (id int PRIMARY KEY, size int);

-- Adds two numbers.
-- Quietly.
CREATE OR REPLACE FUNCTION app.add(a int, b int)
RETURNS int AS $$
BEGIN
  RETURN a + b;
END;
$$ LANGUAGE plpgsql;

/* Doubles. */
CREATE FUNCTION double(n int) RETURNS int AS $$ SELECT n * 2 $$ LANGUAGE sql;

CREATE PROCEDURE evict(key int) LANGUAGE SQL AS $$ DELETE FROM pool WHERE id = key $$;

CREATE TRIGGER touched BEFORE INSERT ON pool FOR EACH ROW EXECUTE FUNCTION touch();

CREATE VIEW free AS SELECT * FROM pool WHERE size > 0;
