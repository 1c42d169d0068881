/**
 * Who observes whom: from the agents that users' records name, on either side, to one row a guardian and student. Only
 * students of the package are observed, and only their observers come into it. Agents of theirs that give no row are
 * rejects of the type `agents`, under the sourcedId of the student.
 */
import { literal, type Database } from "../database.ts";
import { STAYS } from "./reasons.ts";

/** What a user can be, as `part` says it. */
const OBSERVED = "('student', 'both')";
const OBSERVING = "('observer', 'both')";

/** Makes `parts`, who can be what, and `agent_refs`, who names whom. */
export async function takeAgents(database: Database, separator: string): Promise<void> {
  await database.run(`
    CREATE TABLE parts AS SELECT sourced_id, part FROM draft_users WHERE part <> '';
    CREATE TABLE agent_refs AS
      SELECT DISTINCT sourced_id AS namer, part, unnest(string_split(agents, ${literal(separator)})) AS agent
      FROM draft_users WHERE part <> '' AND agents <> '';
    ALTER TABLE draft_users DROP COLUMN part;
    ALTER TABLE draft_users DROP COLUMN agents`);
}

/**
 * Makes `links` of user_ids, whether or not both are in the package. Whichever side names the other, the student is
 * observed; of two who could each observe the other nobody can tell.
 */
export async function findLinks(database: Database): Promise<void> {
  await database.run(`
    CREATE TABLE pairs AS SELECT namer, agent, forward AND backward AS unclear,
        if(forward, namer, agent) AS student, if(forward, agent, namer) AS observer, forward <> backward AS linked
      FROM (SELECT namer, agent,
          r.part IN ${OBSERVED} AND coalesce(p.part, '') IN ${OBSERVING} AS forward,
          r.part IN ${OBSERVING} AND coalesce(p.part, '') IN ${OBSERVED} AS backward
        FROM agent_refs r LEFT JOIN parts p ON p.sourced_id = r.agent);
    CREATE TABLE links AS SELECT o.user_id AS observer_id, s.user_id AS student_id, min(student) AS source_id
      FROM pairs JOIN user_ref o ON o.sourced_id = observer JOIN user_ref s ON s.sourced_id = student
      WHERE linked AND o.user_id <> s.user_id GROUP BY ALL`);
}

/**
 * Makes `user_observers` of the links whose both ends are in the package, and rejects of the agents of its students that
 * gave none. Without observers the file is empty: what was delivered of it is gone.
 */
export async function settleLinks(database: Database, observed: boolean): Promise<void> {
  if (!observed) {
    await database.run(`CREATE TABLE user_observers (source_type VARCHAR, source_id VARCHAR, observer_id VARCHAR,
      student_id VARCHAR, status VARCHAR)`);
    return;
  }
  await database.run(`
    CREATE TABLE user_observers AS
      SELECT 'users' AS source_type, source_id, observer_id, student_id, 'active' AS status FROM links
      WHERE observer_id IN (SELECT user_id FROM users) AND student_id IN (SELECT user_id FROM users);
    CREATE TEMP TABLE lost AS
      SELECT p.namer, p.agent, p.unclear, s.user_id AS student_id, a.user_id AS agent_id
      FROM pairs p JOIN parts ON parts.sourced_id = p.namer AND parts.part IN ${OBSERVED}
        JOIN user_ref s ON s.sourced_id = p.namer SEMI JOIN users ON users.user_id = s.user_id
        LEFT JOIN user_ref a ON a.sourced_id = p.agent
      WHERE NOT EXISTS (FROM user_observers l WHERE (l.observer_id, l.student_id) IN
        ((a.user_id, s.user_id), (s.user_id, a.user_id)));
    INSERT INTO rejects SELECT 'agents', namer, 'agents', left(agent, 200), CASE
        WHEN agent_id = student_id THEN 'is the student, who cannot observe himself'
        WHEN unclear THEN 'each of the two could be the guardian of the other'
        WHEN EXISTS (FROM gone g WHERE g.type = 'users' AND g.sourced_id = agent) THEN 'the SIS says that this user is gone'
        ELSE coalesce(
          'this user was left out: ' || (SELECT min(reason) FROM (FROM rejects UNION ALL FROM unfit) r
            WHERE r.type = 'users' AND r.sourced_id = agent),
          if(agent_id IS NULL,
            'this user was left out: ' || (SELECT min(reason) FROM left_out l WHERE l.type = 'users' AND l.sourced_id = agent),
            'is neither guardian, parent nor relative'),
          'the SIS has sent no such user')
      END FROM lost;
    DROP TABLE lost`);
}

/**
 * A link stays when the record of its student or observer is there and was rejected, as long as both of them stay: what
 * such a record would say nobody knows. It is not mentioned when one of them is not.
 */
export async function carryLinks(database: Database, columns: readonly string[]): Promise<void> {
  const there = "(SELECT user_id FROM users UNION ALL SELECT user_id FROM beside_users)";
  const unmentioned = "(SELECT user_id FROM beside_users)";
  const unread = "SELECT sourced_id FROM here WHERE type = 'users'";
  const unreadUsers = `(SELECT user_id FROM last_users WHERE source_id IN (${unread}))`;
  await database.run(`
    CREATE TEMP TABLE carried AS SELECT *,
        observer_id IN ${unmentioned} OR student_id IN ${unmentioned} AS aside
      FROM last_user_observers ANTI JOIN user_observers USING (observer_id, student_id)
      WHERE nights = 0 AND observer_id IN ${there} AND student_id IN ${there}
        AND (source_id IN (${unread}) OR observer_id IN ${unreadUsers} OR student_id IN ${unreadUsers});
    INSERT INTO user_observers BY NAME
      SELECT source_type, source_id, ${columns.join(", ")} FROM carried WHERE NOT aside;
    INSERT INTO beside_user_observers BY NAME
      SELECT * EXCLUDE (aside), 'unmentioned' AS fate FROM carried WHERE aside;
    UPDATE rejects SET reason = reason || '${STAYS}' WHERE type = 'agents' AND (sourced_id, value) IN
      (SELECT (s.source_id, o.source_id) FROM carried c
        JOIN last_users s ON s.user_id = c.student_id JOIN last_users o ON o.user_id = c.observer_id);
    DROP TABLE carried`);
}
