-- Copyright 2026 the Tasker authors.
-- SPDX-License-Identifier: Apache-2.0
--
-- The graph of the steps of a task. Nothing in the tables prevents a cycle, so each walk has an end.
--
-- In a walk, "offset 0" is a fence: the edges of a step are found by an index, also while the
-- statistics of the table are poor. Without it the planner may read all edges, once for every stride.
-- Behind a walk "limit 1" is one as well, for the steps that it has found.

-- Depths are found for each task by itself, and not once for the whole table: a query for one task
-- then touches the steps of this task only. They are one value, by step, so that no plan walks the
-- graph again for each step.
create or replace view tasker.step_dag_relationships as
select s.workflow_step_uuid, s.task_uuid, s.named_step_uuid,
  parents.uuids as parent_step_uuids, children.uuids as child_step_uuids,
  parents.count as parent_count, children.count as child_count,
  parents.count = 0 as is_root_step, children.count = 0 as is_leaf_step,
  (depths.by_step ->> s.workflow_step_uuid::text)::integer as min_depth_from_root
from tasker.tasks t
cross join lateral (
  -- "union" keeps each step once at a depth, however many paths lead there.
  with recursive walk (step_uuid, depth) as (
      select root.workflow_step_uuid, 0
      from tasker.workflow_steps root
      where root.task_uuid = t.task_uuid
        and not exists (
          select from tasker.workflow_step_edges e where e.to_step_uuid = root.workflow_step_uuid offset 0)
    union
      select e.to_step_uuid, w.depth + 1
      from walk w
      cross join lateral (
        select n.to_step_uuid from tasker.workflow_step_edges n where n.from_step_uuid = w.step_uuid offset 0) e
      where w.depth < 50)
  select jsonb_object_agg(d.step_uuid, d.shortest) as by_step
  from (
    select w.step_uuid, min(w.depth) as shortest
    from walk w
    group by w.step_uuid) d) depths
join tasker.workflow_steps s on s.task_uuid = t.task_uuid
cross join lateral (
  select coalesce(jsonb_agg(e.from_step_uuid order by e.from_step_uuid), '[]') as uuids, count(*) as count
  from tasker.workflow_step_edges e
  where e.to_step_uuid = s.workflow_step_uuid) parents
cross join lateral (
  select coalesce(jsonb_agg(e.to_step_uuid order by e.to_step_uuid), '[]') as uuids, count(*) as count
  from tasker.workflow_step_edges e
  where e.from_step_uuid = s.workflow_step_uuid) children;

comment on view tasker.step_dag_relationships is
  'Parents, children and distance from a root of each step; a distance over 50, or none, is null';

-- One row for each path, on purpose: the distance tells them apart.
create or replace function tasker.get_step_transitive_dependencies(target_step_uuid uuid)
  returns table (
    workflow_step_uuid uuid, task_uuid uuid, named_step_uuid uuid, step_name varchar, results jsonb,
    processed boolean, distance integer)
  language sql stable
as $$
  with recursive walk (step_uuid, distance) as (
      select e.from_step_uuid, 1
      from tasker.workflow_step_edges e
      where e.to_step_uuid = target_step_uuid
    union all
      select e.from_step_uuid, w.distance + 1
      from walk w
      cross join lateral (
        select p.from_step_uuid from tasker.workflow_step_edges p where p.to_step_uuid = w.step_uuid offset 0) e
      where w.distance < 50)
  select s.workflow_step_uuid, s.task_uuid, s.named_step_uuid, ns.name, s.results, s.processed, w.distance
  from walk w
  cross join lateral (
    select c.workflow_step_uuid, c.task_uuid, c.named_step_uuid, c.results, c.processed
    from tasker.workflow_steps c
    where c.workflow_step_uuid = w.step_uuid
    limit 1) s
  cross join lateral (
    select c.name from tasker.named_steps c where c.named_step_uuid = s.named_step_uuid limit 1) ns
  order by w.distance, s.workflow_step_uuid
$$;

comment on function tasker.get_step_transitive_dependencies(uuid) is
  'All ancestors of a step with their results, one row for each path of at most 50 edges';

-- The longest path to a step of n has n - 1 edges at most, so who arrives with n has been in a circle.
-- Steps of a cycle that no root leads to are never reached. Neither kind is among the rows, and a
-- count that is too small betrays both. A step of another task, behind an edge that should not be,
-- must not make up for one that is missing.
create or replace function tasker.calculate_dependency_levels(input_task_uuid uuid)
  returns table (workflow_step_uuid uuid, dependency_level integer)
  language plpgsql stable
  set search_path = tasker, pg_temp
as $$
declare
  step_count integer := (select count(*) from tasker.workflow_steps s where s.task_uuid = input_task_uuid);
  level_count integer;
begin
  return query
  with recursive walk (step_uuid, level) as (
      select s.workflow_step_uuid, 0
      from tasker.workflow_steps s
      where s.task_uuid = input_task_uuid
        and not exists (
          select from tasker.workflow_step_edges e where e.to_step_uuid = s.workflow_step_uuid offset 0)
    union
      select e.to_step_uuid, w.level + 1
      from walk w
      cross join lateral (
        select n.to_step_uuid from tasker.workflow_step_edges n where n.from_step_uuid = w.step_uuid offset 0) e
      where w.level < step_count)
  select w.step_uuid, max(w.level)
  from walk w
  group by w.step_uuid
  having max(w.level) < step_count
    and exists (
      select from tasker.workflow_steps s
      where s.workflow_step_uuid = w.step_uuid and s.task_uuid = input_task_uuid)
  order by max(w.level), w.step_uuid;
  get diagnostics level_count = row_count;
  if level_count <> step_count then
    raise exception 'task %: dependency cycle among its steps', input_task_uuid
      using errcode = 'invalid_parameter_value';
  end if;
end
$$;

comment on function tasker.calculate_dependency_levels(uuid) is
  'The length of the longest path from a root to each step of a task; raises 22023 for a cycle';
