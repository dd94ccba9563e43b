-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- How the queues are, at a cost that does not grow with them. pgmq.metrics_all() counts every row of
-- every queue and fails as a whole when one queue is damaged.

-- Nothing is counted further than exact_up_to rows. Beyond, a length is an estimate, as the planner
-- makes it: the rows of a page when the table was last vacuumed or analyzed, times the pages of now. It
-- is never less than what was counted, and is_exact is false. What cannot be told is null, never 0.
--   visible_length      due now, and so free for the next reader
--   oldest_due_seconds  how long the message that is due for longest has been due
create or replace function tasker_pgmq.count_queue(
    queue_table regclass, exact_up_to bigint,
    out queue_length bigint, out visible_length bigint, out is_exact boolean,
    out oldest_due_seconds double precision, out dead_tuples bigint, out last_autovacuum timestamptz)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  invisible_length bigint;
  enough constant bigint := exact_up_to + 1;
  -- For the index on vt: a volatile function in the condition would keep it out.
  due_at constant timestamptz := clock_timestamp();
begin
  execute format($query$
    select (select count(*) from (select from %1$s limit $1) as counted),
      (select count(*) from (select from %1$s where vt <= $2 limit $1) as counted),
      (select count(*) from (select from %1$s where vt > $2 limit $1) as counted),
      (select extract(epoch from $2 - vt) from %1$s where vt <= $2 order by vt limit 1)
    $query$, queue_table)
  into queue_length, visible_length, invisible_length, oldest_due_seconds
  using enough, due_at;
  is_exact := queue_length < enough;
  select coalesce(sum(pg_stat_get_dead_tuples(t.oid)), 0), max(pg_stat_get_last_autovacuum_time(t.oid)),
    case when is_exact then queue_length
      -- No pages: nobody has looked at the table yet, or it was empty then.
      else greatest(visible_length + invisible_length,
        sum(case when c.relpages > 0 then c.reltuples::float8 / c.relpages
          * (pg_relation_size(c.oid) / current_setting('block_size')::bigint) end)::bigint) end
  into dead_tuples, last_autovacuum, queue_length
  -- A partitioned table has no rows of its own.
  from (select queue_table::oid as oid union select relid from pg_partition_tree(queue_table) where isleaf) as t
  join pg_class c on c.oid = t.oid and c.relkind = 'r';
  if visible_length = enough then
    visible_length := case when invisible_length < enough
      then greatest(enough, queue_length - invisible_length) end;
  end if;
end
$$;

comment on function tasker_pgmq.count_queue(regclass, bigint) is
  'Length, backlog and dead rows of the table of a queue at a bounded cost';

-- A queue that cannot be read has an error and no figures; the others are not affected.
create or replace function tasker_pgmq.queue_health(exact_up_to bigint default 10000)
  returns table (
    queue_name text, queue_length bigint, visible_length bigint, is_exact boolean,
    oldest_due_seconds double precision, dead_tuples bigint, last_autovacuum timestamptz, error text)
  language plpgsql
  set search_path = pg_catalog, pg_temp
  -- For each queue: one that is being rebuilt is an error of that queue, not a wait for all.
  set lock_timeout = '200ms'
as $$
declare
  queue_table regclass;
begin
  for queue_name in select m.queue_name::text from pgmq.meta m order by m.queue_name loop
    begin
      -- PGMQ folds the name of a table to lower case, and quotes it.
      queue_table := to_regclass(format('pgmq.%I', 'q_' || lower(queue_name)));
      if queue_table is null then
        raise exception 'queue "%" has no table', queue_name using errcode = 'undefined_table';
      end if;
      select counted.*, null
      into queue_length, visible_length, is_exact, oldest_due_seconds, dead_tuples, last_autovacuum, error
      from tasker_pgmq.count_queue(queue_table, exact_up_to) as counted;
    exception when others then
      select null, null, null, null, null, null, sqlerrm
      into queue_length, visible_length, is_exact, oldest_due_seconds, dead_tuples, last_autovacuum, error;
    end;
    return next;
  end loop;
end
$$;

comment on function tasker_pgmq.queue_health(bigint) is
  'Length, backlog and dead rows of each queue at a bounded cost; one damaged queue hides no other';

-- What pgmq.metrics shows, without reading the whole queue. The oldest and the newest message are those
-- with the lowest and the highest id here, which the primary key finds; pgmq.metrics looks at
-- enqueued_at. Both are in the same order but for the time between a send and its commit.
create or replace function tasker_pgmq.queue_stats(
    queue_name text, exact_up_to bigint default 10000,
    out queue_length bigint, out queue_visible_length bigint, out is_exact boolean,
    out oldest_msg_age_sec integer, out newest_msg_age_sec integer, out total_messages bigint)
  language plpgsql
  set search_path = pg_catalog, pg_temp
as $$
declare
  queue_table constant regclass := tasker_pgmq.queue_table(queue_name);
  ids constant text := pg_get_serial_sequence(queue_table::text, 'msg_id');
begin
  select counted.queue_length, counted.visible_length, counted.is_exact
  into queue_length, queue_visible_length, is_exact
  from tasker_pgmq.count_queue(queue_table, exact_up_to) as counted;
  execute format($query$
    select (select extract(epoch from $1 - enqueued_at)::integer from %1$s order by msg_id limit 1),
      (select extract(epoch from $1 - enqueued_at)::integer from %1$s order by msg_id desc limit 1)
    $query$, queue_table)
  into oldest_msg_age_sec, newest_msg_age_sec
  using clock_timestamp();
  if ids is not null then
    execute format('select case when is_called then last_value else 0 end from %s', ids) into total_messages;
  end if;
end
$$;

comment on function tasker_pgmq.queue_stats(text, bigint) is
  'Length, backlog and age of one queue at a bounded cost, and how many messages were ever sent to it';

-- While a snapshot is held no dead row that it might see is removed, and each read of a queue walks
-- over all of them. Replication slots hold snapshots too. The age in transactions is always known, that
-- in seconds is not for replication slots, and for sessions of other roles only if the caller is a
-- member of pg_read_all_stats. So who is first here may hide its age, and the next one may not.
create or replace function tasker_pgmq.held_snapshots()
  returns table (age_transactions bigint, age_seconds double precision, holder text)
  language sql stable
  set search_path = pg_catalog, pg_temp
as $$
  select age, seconds, holder
  from (
    select age(backend_xmin)::bigint as age, extract(epoch from clock_timestamp() - xact_start)::float8 as seconds,
      'session ' || pid || coalesce(' of ' || nullif(application_name, ''), '') as holder
    from pg_stat_activity a
    where backend_xmin is not null and pid <> pg_backend_pid()
      -- None: it speaks for a standby with hot_standby_feedback.
      and (datname = current_database() or datname is null)
      -- Vacuum itself, and what helps it, keeps nothing from being removed.
      and not exists (select from pg_stat_progress_vacuum v where v.pid in (a.pid, a.leader_pid))
    union all
    select age(xmin)::bigint, null, 'replication slot ' || slot_name
    from pg_replication_slots
    where xmin is not null
    union all
    select age(transaction)::bigint, extract(epoch from clock_timestamp() - prepared)::float8,
      'prepared transaction ' || gid
    from pg_prepared_xacts
    where database = current_database()) as holders
  order by age desc, seconds desc nulls last
$$;

comment on function tasker_pgmq.held_snapshots() is
  'Who keeps dead rows from being removed, and since how many transactions, the oldest first';
