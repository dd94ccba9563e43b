-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- What keeps the tables of a queue small: how autovacuum treats them, and the removal of what was
-- archived long ago.

-- Returns the tables it has changed: those that differ, and none when it is called again. A running
-- autovacuum is in the way, but ends itself when somebody has waited for deadlock_timeout, which is
-- one second.
--   cost_delay  milliseconds; a worker with a delay of its own is left out of the balance of costs
--               between workers
create or replace function tasker_pgmq.set_autovacuum(
    queue_name text, scale_factor double precision, threshold integer, cost_delay double precision,
    with_archive boolean default false)
  returns setof text
  language plpgsql
  set search_path = pg_catalog, pg_temp
  set lock_timeout = '2s'
as $$
declare
  wanted constant text[] := array[
    format('autovacuum_vacuum_scale_factor=%s', scale_factor),
    format('autovacuum_vacuum_threshold=%s', threshold),
    format('autovacuum_vacuum_cost_delay=%s', cost_delay)];
  changed regclass;
begin
  perform tasker_pgmq.queue_table(queue_name);
  if scale_factor is null or threshold is null or cost_delay is null then
    raise exception 'scale_factor, threshold and cost_delay must not be NULL'
      using errcode = 'invalid_parameter_value';
  end if;
  for changed in
    select c.oid
    from pg_class c
    where c.relnamespace = 'pgmq'::regnamespace
      and (c.relname = 'q_' || queue_name or with_archive and c.relname = 'a_' || queue_name)
      -- A partitioned table has no rows of its own, and takes no parameters.
      and c.relkind = 'r'
      and not coalesce(c.reloptions, '{}') @> wanted
    order by c.relname desc
  loop
    execute format('alter table %s set (%s)', changed, array_to_string(wanted, ', '));
    return next changed::text;
  end loop;
end
$$;

comment on function tasker_pgmq.set_autovacuum(text, double precision, integer, double precision, boolean) is
  'Sets how autovacuum treats the table of a queue, and its archive; returns the tables it has changed';

-- One batch, the oldest first. Returns how many rows are gone: fewer than max_rows when no more are
-- that old, and null when another transaction is at it. A null or negative age and a limit of null
-- are refused: they would empty the archive in one statement.
create or replace function tasker_pgmq.delete_archived(queue_name text, older_than interval, max_rows integer default 1000)
  returns integer
  language plpgsql
  set search_path = pg_catalog, pg_temp
  -- The table may be under reconstruction.
  set lock_timeout = '1s'
as $$
declare
  archive regclass;
  deleted integer;
  -- For the index on archived_at: a volatile function in the condition would keep it out.
  archived_before constant timestamptz := clock_timestamp() - older_than;
begin
  if older_than is null or older_than < interval '0' then
    raise exception 'older_than must be 0 or more, but is %', coalesce(older_than::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if max_rows is null or max_rows < 1 then
    raise exception 'max_rows must be 1 or more, but is %', coalesce(max_rows::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  perform tasker_pgmq.queue_table(queue_name);
  archive := to_regclass('pgmq.a_' || queue_name);
  if archive is null then
    raise exception 'queue "%" has no archive', queue_name using errcode = 'undefined_table';
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('tasker_pgmq.delete_archived ' || queue_name, 0)) then
    return null;
  end if;
  -- By msg_id, for ctid is not unique in an archive with partitions.
  execute format($query$
    delete from %1$s
    where archived_at < $1 and msg_id = any (array(
      select msg_id from %1$s where archived_at < $1 order by archived_at limit $2))
    $query$, archive)
  using archived_before, max_rows;
  get diagnostics deleted = row_count;
  return deleted;
end
$$;

comment on function tasker_pgmq.delete_archived(text, interval, integer) is
  'Deletes the oldest messages from the archive of a queue; null when another transaction is deleting there';
