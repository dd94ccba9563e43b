-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- The schema of everything Tasker adds to PGMQ. PGMQ keeps its own schema to itself, so that an
-- upgrade of the extension never meets an object of ours.
--
-- Runs as the owner of the schema: no superuser, no CREATE EXTENSION.

-- CREATE SCHEMA IF NOT EXISTS asks for CREATE on the database before it looks, and so fails for
-- an owner whose schema was made by an administrator.
do $$
begin
  if to_regnamespace('tasker_pgmq') is null then
    create schema tasker_pgmq;
  end if;
end
$$;

comment on schema tasker_pgmq is 'Functions of Tasker around the PGMQ message queues';
