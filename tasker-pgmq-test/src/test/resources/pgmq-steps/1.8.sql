-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- From PGMQ 1.9 back to 1.8: no groups.

do $$
declare
  newer regprocedure;
begin
  for newer in
    select p.oid
    from pg_catalog.pg_proc p
    where p.pronamespace = 'pgmq'::regnamespace and (p.proname like 'read\_grouped%' or p.proname like '%fifo\_index%')
  loop
    execute format('drop function %s', newer);
  end loop;
end
$$;
