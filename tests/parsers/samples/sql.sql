-- A pool of connections: the sample for SQL.
CREATE TABLE pool (id int PRIMARY KEY, size int);

-- Adds two numbers.
-- Quietly.
CREATE OR REPLACE FUNCTION app.add(a int, b int)
RETURNS int AS $$
DECLARE
  sum int;
BEGIN
  sum := a + b;
  RETURN sum;
END;
$$ LANGUAGE plpgsql;

/* Doubles. */
CREATE FUNCTION double(n int) RETURNS int AS $$ SELECT n * 2 $$ LANGUAGE sql;

CREATE FUNCTION "Quoted"."Name"(n int) RETURNS int LANGUAGE sql AS 'SELECT ''it''';
CREATE FUNCTION linked(text) RETURNS int AS 'MODULE_PATHNAME', 'pool_linked' LANGUAGE C STRICT;
CREATE FUNCTION modern(a int) RETURNS int RETURN a + 1;
CREATE FUNCTION atomic(a int) RETURNS int BEGIN ATOMIC SELECT CASE WHEN a > 1 THEN 2 END; END;
CREATE PROCEDURE evict(key int) LANGUAGE SQL AS $body$ DELETE FROM pool WHERE id = key $body$;
CREATE TRIGGER touched BEFORE INSERT ON pool FOR EACH ROW EXECUTE FUNCTION touch();
CREATE VIEW free AS SELECT * FROM pool WHERE size > 0;
SELECT 'CREATE FUNCTION not_this()';

\echo Use "CREATE EXTENSION pool

-- SQLite.
CREATE TEMP TRIGGER IF NOT EXISTS counted AFTER UPDATE ON pool WHEN old.size > 1
BEGIN
  UPDATE pool SET size = 1;
END;

-- Transact-SQL.
CREATE OR ALTER PROC [dbo].[usp_Get] @id int = 0 AS
BEGIN TRANSACTION
SELECT * FROM pool WHERE id = @id;
COMMIT
GO

CREATE FUNCTION dbo.fn_Size(@id int) RETURNS int AS
BEGIN
  IF @id = 0
  BEGIN
    RETURN 0
  END
  RETURN 1
END
GO

CREATE PROCEDURE dbo.listed @ident int AS SELECT 1; SELECT 2
GO

-- Oracle.
CREATE OR REPLACE FUNCTION sized(p IN NUMBER) RETURN NUMBER IS
  total NUMBER;
BEGIN
  FOR i IN 1..3 LOOP
    total := i;
  END LOOP;
  RETURN total;
END;
/

-- DuckDB.
CREATE MACRO plus(a, b := 5) AS a + b;
