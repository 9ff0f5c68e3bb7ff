"""PostgreSQL fails over underneath two auth servers and two backends: real Patroni, etcd, HAProxy and PgBouncer."""
