// run: all engines side by side on the same requests, in turns. Started by bench/peers/run, which names in the environment
//
//     PEERS_WORK      a folder for the requests and what the engines say of them
//     PEERS_LICET     bench/peers/licet, built
//     PEERS_SQL       psql with its options, on a server with the extension licet
//     PEERS_SQLITE    the extension for SQLite
//
// Every engine decides complete requests first and must agree on all of them with the rule; then requests that leave facts out, where the right
// outcome is what every completion comes to. What is timed is deciding alone, without starting, loading or writing.
'use strict';

const { execFileSync } = require('child_process');
const fs = require('fs');
const path = require('path');
const { facts, names, outcome, requests } = require('./rule');
const translate = require('./translate');
const inProcess = require('./engines');

const COUNT = Number(process.env.PEERS_COUNT || 20000); // requests
const ROUNDS = Number(process.env.PEERS_ROUNDS || 5);
const SLOW_SHARE = 20; // an engine that takes over 100 µs a request is timed on the first twentieth of them; its outcomes are compared on all
const COPIES = 5; // of each request in a table, so that a statement takes long enough to be timed
const work = process.env.PEERS_WORK;
const policies = path.join(__dirname, 'policy');

const sets = [
  { name: 'complete', requests: requests(COUNT, 0, 11) },
  { name: 'incomplete', requests: requests(COUNT, 0.15, 12) },
];
for (const set of sets) {
  set.right = set.requests.map(outcome);
  set.file = path.join(work, `${set.name}.ndjson`);
  const head = { policy: 'PEER-11', line: 'commercial', drug: 'examplimab', kind: 'initial', received: '2026-03-02' };
  fs.writeFileSync(set.file, set.requests.map((request) => JSON.stringify({ ...head, facts: request }) + '\n').join(''));
}

const lines = (text) => text.split('\n').filter((line) => line !== '');
const run = (command, args, input) => execFileSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 });

// ---- engines: { name, outcomes(set), time(set) → nanoseconds a request }

function fromProcess(make) {
  const engine = make();
  return {
    name: engine.name,
    outcomes: (set) => engine.decide(set.requests),
    async time(set) {
      const timed = engine.isSlow ? set.requests.slice(0, Math.ceil(COUNT / SLOW_SHARE)) : set.requests;
      const begin = process.hrtime.bigint();
      await engine.decide(timed);
      return Number(process.hrtime.bigint() - begin) / timed.length;
    },
  };
}

function licetInC(name, what) {
  const call = (set, how) => run(process.env.PEERS_LICET, [policies, set.file, how]);
  return { name, outcomes: (set) => lines(call(set, 'outcomes')), time: (set) => Number(call(set, what)) };
}

const psql = (statements) => {
  const [command, ...args] = process.env.PEERS_SQL.split(' ');
  return run(command, args, statements);
};
const sqlite = (statements) => run('sqlite3', ['-batch', '-bail', path.join(work, 'database')],
  `.load ${process.env.PEERS_SQLITE}\nselect licet_policies('${policies}') as n where n is null;\n${statements}`);

// A condition of SQL as an outcome: its null is what is not known. Every statement asks for the same, the outcome of each row.
const byCondition = (condition) => `case (${condition}) when true then 'approve' when false then 'refer' else 'pend' end`;
const byLicet = 'licet_outcome(j)';
const ofLicet = 'licet_outcome(jsonb)', ofJsonb = 'SQL over jsonb', ofFacts = 'SQL over facts taken out once';
const scanAlone = 'j';

// OFFSET 0 keeps the planner from writing the subquery's expression out at each use.
const itself = (table) => table;
const factsTakenOut = (table) => `(select n, copy, j->'facts' as facts from ${table} offset 0) taken`;

function inPostgres(name, expression, from = itself) {
  return {
    name: `PostgreSQL, ${name}`,
    outcomes: expression !== scanAlone && ((set) => lines(psql(`select ${expression} from ${from(set.name)} where copy = 1 order by n`))),
    time(set) {
      const statement = `select count(${expression}) from ${from(set.name)}`; // once unmeasured: a backend begins without the table in its memory
      const plan = psql(`\\o /dev/null\n${statement};\n\\o\nexplain (analyze, timing off, format json) ${statement}`);
      return (JSON.parse(plan)[0]['Execution Time'] * 1e6) / (set.requests.length * COPIES);
    },
  };
}

function inSqlite(name, expression) {
  return {
    name: `SQLite, ${name}`,
    outcomes: expression !== scanAlone && ((set) => lines(sqlite(`select ${expression} from ${set.name} where copy = 1 order by n;`))),
    time(set) {
      const told = sqlite(`select count(*) from ${set.name};\n.timer on\nselect count(${expression}) from ${set.name};`);
      return (Number(/real ([0-9.]+)/.exec(told)[1]) * 1e9) / (set.requests.length * COPIES);
    },
  };
}

// ---- tables: the request as JSON, and each fact in a column of its own

function fillPostgres(set) {
  const types = { integer: 'int', boolean: 'boolean', text: 'text' };
  const take = (name) => `(j->'facts'->>'${name}')::${types[facts[name].type]} as ${name}`;
  psql(`create table line (n serial, j jsonb);
copy line (j) from stdin;
${fs.readFileSync(set.file, 'utf8')}\\.
create table ${set.name} as select n, copy, j, ${names.map(take).join(', ')} from line, generate_series(1, ${COPIES}) copy;
drop table line; vacuum analyze ${set.name};`);
}

function fillSqlite(set) {
  const take = (name) => `json_extract(j, '$.facts.${name}') as ${name}`;
  sqlite(`create table line (j text);
.mode ascii
.separator "\\037" "\\n"
.import ${set.file} line
with recursive copies (copy) as (select 1 union all select copy + 1 from copies where copy < ${COPIES})
select 1 where 0;
create table ${set.name} as with recursive copies (copy) as (select 1 union all select copy + 1 from copies where copy < ${COPIES})
select line.rowid as n, copy, j, ${names.map(take).join(', ')} from line, copies;
drop table line;`);
}

// ---- side by side

const best = (numbers) => Math.min(...numbers); // other work on the machine only ever adds

function tally(set, outcomes) {
  const wrong = { approved: 0, refused: 0, asked: 0, errors: 0 };
  if (outcomes.length !== set.right.length) throw new Error(`${outcomes.length} outcomes of ${set.right.length} requests`);
  outcomes.forEach((said, i) => {
    if (said === set.right[i]) return;
    if (said === 'approve') wrong.approved++;
    else if (said === 'refer') wrong.refused++;
    else if (said === 'pend') wrong.asked++;
    else wrong.errors++;
  });
  wrong.all = wrong.approved + wrong.refused + wrong.asked + wrong.errors;
  return wrong;
}

async function main() {
  for (const set of sets) {
    fillPostgres(set);
    fillSqlite(set);
  }
  const engines = [
    licetInC('licet in C, outcome', 'outcome'),
    licetInC('licet in C, determination', 'decide'),
    inPostgres(ofLicet, byLicet),
    inSqlite('licet_outcome(text)', byLicet),
    inPostgres('SQL over columns', byCondition(translate.sqlOverColumns())),
    inPostgres(ofJsonb, byCondition(translate.sqlOverJsonb())),
    inPostgres(ofFacts, byCondition(translate.sqlOverFacts()), factsTakenOut),
    inPostgres('scan alone', scanAlone),
    inSqlite('SQL over columns', byCondition(translate.sqlOverColumns())),
    inSqlite('SQL over JSON', byCondition(translate.sqlOverJson())),
    inSqlite('scan alone', scanAlone),
    ...inProcess.map(fromProcess),
  ];
  let disagreed = false;
  for (const engine of engines) {
    if (!engine.outcomes) continue;
    for (const set of sets) (engine.wrong ||= {})[set.name] = tally(set, await engine.outcomes(set));
    disagreed ||= engine.wrong.complete.all > 0;
  }
  for (const engine of engines) engine.spent = { complete: [], incomplete: [] };
  for (let round = 0; round < ROUNDS; round++) {
    for (const engine of engines) for (const set of sets) engine.spent[set.name].push(await engine.time(set));
  }
  report(engines);
  if (disagreed) {
    console.log('\nNot all agree on complete requests.');
    process.exit(1);
  }
}

function report(engines) {
  const count = (set, word) => set.right.filter((right) => right === word).length;
  console.log(`a policy of eleven conditions, one core, the best of ${ROUNDS} turns; wrong is counted against every completion of what is not known`);
  for (const set of sets) {
    console.log(`${set.name}: ${COUNT} requests, of which approve ${count(set, 'approve')}, pend ${count(set, 'pend')}, refer ${count(set, 'refer')}`);
  }
  const columns = ['engine', 'complete ns', 'thousand/s', 'wrong', 'incomplete ns', 'thousand/s', 'wrong', 'approved', 'refused', 'asked', 'errors'];
  const rows = engines.map((engine) => {
    const complete = best(engine.spent.complete), incomplete = best(engine.spent.incomplete), wrong = engine.wrong;
    const counts = wrong ? [wrong.incomplete.all, wrong.incomplete.approved, wrong.incomplete.refused, wrong.incomplete.asked, wrong.incomplete.errors] : ['', '', '', '', ''];
    const speed = (ns) => (1e6 / ns).toFixed(0);
    return [engine.name, complete.toFixed(0), speed(complete), wrong ? wrong.complete.all : '', incomplete.toFixed(0), speed(incomplete), ...counts];
  });
  const widths = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => String(row[i]).length)));
  const line = (row) => `| ${row.map((cell, i) => (i === 0 ? String(cell).padEnd(widths[i]) : String(cell).padStart(widths[i]))).join(' | ')} |`;
  console.log(line(columns));
  console.log(`|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`);
  for (const row of rows) console.log(line(row));
  compare(engines);
}

// What the comparison is for: the function beside the expression that someone would write in its place.
function compare(engines) {
  const named = (name) => engines.find((engine) => engine.name === `PostgreSQL, ${name}`);
  for (const other of [ofJsonb, ofFacts]) {
    const parts = sets.map(({ name }) => `${(best(named(ofLicet).spent[name]) / best(named(other).spent[name])).toFixed(2)} of its time on ${name} requests`);
    console.log(`PostgreSQL, ${ofLicet} beside ${other}: ${parts.join(', ')}`);
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
