-- A pool of connections: the sample for MySQL's own ways.
DELIMITER $$

-- Opens a connection.
CREATE DEFINER=`root`@`localhost` PROCEDURE `open_connection`(IN host VARCHAR(20), OUT id INT)
BEGIN
  DECLARE tries INT DEFAULT 0;
  WHILE tries < 3 DO
    SET tries = tries + 1;
  END WHILE;
  CASE tries WHEN 3 THEN SELECT 1; END CASE;
  IF tries = 3 THEN SELECT 'it''s' INTO id; END IF;
END $$

CREATE FUNCTION hello(s CHAR(20)) RETURNS CHAR(50) DETERMINISTIC
RETURN CONCAT('Hello, ', s, '!') $$

CREATE TRIGGER touched BEFORE INSERT ON pool FOR EACH ROW
BEGIN
  SET NEW.size = 1;
END$$

DELIMITER ;
CREATE PROCEDURE closed(IN id INT) BEGIN SELECT 1; END;
