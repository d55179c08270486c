// translate: the rule in each engine's own language, as someone who knows that language would write it.
'use strict';

const { rule, facts, names } = require('./rule');

// JsonLogic, https://jsonlogic.com
function jsonLogic(node) {
  if (node.all) return { and: node.all.map(jsonLogic) };
  if (node.any) return { or: node.any.map(jsonLogic) };
  if (node.not) return { '!': [jsonLogic(node.not)] };
  if (node.is) return { var: node.is };
  if (node.atLeast) return { '>=': [{ var: node.atLeast }, node.limit] };
  return { in: [{ var: node.among }, node.values] };
}

// Zen's expression language, and a decision of one expression node.
function zenExpression(node) {
  if (node.all) return `(${node.all.map(zenExpression).join(' and ')})`;
  if (node.any) return `(${node.any.map(zenExpression).join(' or ')})`;
  if (node.not) return `not ${zenExpression(node.not)}`;
  if (node.is) return `(${node.is} == true)`;
  if (node.atLeast) return `(${node.atLeast} >= ${node.limit})`;
  return `(${node.among} in [${node.values.map((value) => `'${value}'`).join(', ')}])`;
}

function zenDecision() {
  return {
    nodes: [
      { id: 'request', name: 'request', type: 'inputNode' },
      {
        id: 'rule', name: 'rule', type: 'expressionNode',
        content: { expressions: [{ id: 'approved', key: 'approved', value: zenExpression(rule) }] },
      },
      { id: 'answer', name: 'answer', type: 'outputNode' },
    ],
    edges: [
      { id: 'in', sourceId: 'request', targetId: 'rule', type: 'edge' },
      { id: 'out', sourceId: 'rule', targetId: 'answer', type: 'edge' },
    ],
  };
}

// Cedar, https://docs.cedarpolicy.com: one policy, the facts in the context.
function cedar(node) {
  if (node.all) return `(${node.all.map(cedar).join(' && ')})`;
  if (node.any) return `(${node.any.map(cedar).join(' || ')})`;
  if (node.not) return `!${cedar(node.not)}`;
  if (node.is) return `context.${node.is}`;
  if (node.atLeast) return `context.${node.atLeast} >= ${node.limit}`;
  return `[${node.values.map((value) => `"${value}"`).join(', ')}].contains(context.${node.among})`;
}

// FEEL, the expression language of DMN. Of null `in` and `=` make false; only asked for does null stay null.
function feel(node) {
  if (node.all) return `(${node.all.map(feel).join(' and ')})`;
  if (node.any) return `(${node.any.map(feel).join(' or ')})`;
  if (node.not) return `not(${feel(node.not)})`;
  if (node.is) return node.is;
  if (node.atLeast) return `${node.atLeast} >= ${node.limit}`;
  return `(if ${node.among} = null then null else list contains([${node.values.map((value) => `"${value}"`).join(', ')}], ${node.among}))`;
}

// ELM, the form in which CQL is executed: what a CQL translator makes of
//
//     parameter age Integer … define Approved: age >= 12 and severe_asthma and …
const SYSTEM = '{urn:hl7-org:elm-types:r1}';
const elmTypes = { integer: `${SYSTEM}Integer`, boolean: `${SYSTEM}Boolean`, text: `${SYSTEM}String` };
const literal = (type, value) => ({ type: 'Literal', valueType: elmTypes[type], value: String(value) });
const parameter = (name) => ({ type: 'ParameterRef', name });
// ELM's And and Or take two.
const pairs = (type, parts) => parts.reduce((left, right) => ({ type, operand: [left, right] }));

function elm(node) {
  if (node.all) return pairs('And', node.all.map(elm));
  if (node.any) return pairs('Or', node.any.map(elm));
  if (node.not) return { type: 'Not', operand: elm(node.not) };
  if (node.is) return parameter(node.is);
  if (node.atLeast) return { type: 'GreaterOrEqual', operand: [parameter(node.atLeast), literal('integer', node.limit)] };
  // Not `in`: cql-execution takes null to be in no list, where CQL says that this is null.
  return pairs('Or', node.values.map((value) => ({ type: 'Equal', operand: [parameter(node.among), literal('text', value)] })));
}

function elmLibrary() {
  return {
    library: {
      identifier: { id: 'Peer11', version: '1' },
      schemaIdentifier: { id: 'urn:hl7-org:elm', version: 'r1' },
      usings: { def: [{ localIdentifier: 'System', uri: 'urn:hl7-org:elm-types:r1' }] },
      parameters: {
        def: names.map((name) => ({
          name, accessLevel: 'Public',
          parameterTypeSpecifier: { type: 'NamedTypeSpecifier', name: elmTypes[facts[name].type] },
        })),
      },
      statements: { def: [{ name: 'Approved', context: 'Unfiltered', accessLevel: 'Public', expression: elm(rule) }] },
    },
  };
}

// SQL, over columns; or over JSON where `column` writes how a fact is taken out of it.
function sql(node, column = (name) => name) {
  if (node.all) return node.all.map((part) => sql(part, column)).join(' and ');
  if (node.any) return `(${node.any.map((part) => sql(part, column)).join(' or ')})`;
  if (node.not) return `not (${sql(node.not, column)})`;
  if (node.is) return column(node.is);
  if (node.atLeast) return `${column(node.atLeast)} >= ${node.limit}`;
  return `${column(node.among)} in (${node.values.map((value) => `'${value}'`).join(', ')})`;
}

const postgresTypes = { integer: '::int', boolean: '::boolean', text: '' };
const postgresColumn = (name) => `(j->'facts'->>'${name}')${postgresTypes[facts[name].type]}`;
// The quickest of those tried: the facts taken out of the request once, in a subquery, and no cast where comparing texts will do.
const quickTypes = { integer: '::int', boolean: " = 'true'", text: '' };
const postgresMember = (name) => `((facts->>'${name}')${quickTypes[facts[name].type]})`;
const sqliteColumn = (name) => `json_extract(j, '$.facts.${name}')`;

module.exports = {
  jsonLogic: () => jsonLogic(rule),
  zenExpression: () => zenExpression(rule),
  zenDecision,
  cedarPolicy: () => `permit (principal, action, resource) when { ${cedar(rule)} };`,
  feel: () => feel(rule),
  elmLibrary,
  sqlOverColumns: () => sql(rule),
  sqlOverJsonb: () => sql(rule, postgresColumn),
  sqlOverFacts: () => sql(rule, postgresMember),
  sqlOverJson: () => sql(rule, sqliteColumn),
};

if (require.main === module) {
  for (const [name, translate] of Object.entries(module.exports)) {
    const text = translate();
    console.log(`-- ${name}\n${typeof text === 'string' ? text : JSON.stringify(text, null, 1)}\n`);
  }
}
