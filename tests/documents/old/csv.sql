-- A table of an app that names customers by their number.
CREATE TABLE invoices (id integer PRIMARY KEY, customer text NOT NULL);
INSERT INTO invoices VALUES (1, 'C-1001');
