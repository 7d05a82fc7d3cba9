/** Every kind of change that a person can make to a schema, as edits of Directus' snapshot. */

/** @typedef {{collections: any[], fields: any[], relations: any[], systemFields: any[]}} Snapshot */
/** @typedef {import('./random.js').Random} Random */
/** @typedef {(snapshot: Snapshot, random: Random) => void} Mutation */

const WORDS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];

/** @type {Readonly<Record<string, Mutation>>} */
export const MUTATIONS = Object.freeze({
  collectionSetting(snapshot, random) {
    const { meta } = random.pick(snapshot.collections);
    meta[random.pick(['icon', 'note', 'color', 'display_template'])] = word(random);
  },
  collectionTranslations(snapshot, random) {
    random.pick(snapshot.collections).meta.translations = [{ language: 'is-IS', translation: word(random) }];
  },
  collectionHidden(snapshot, random) {
    const { meta } = random.pick(snapshot.collections);
    meta.hidden = !meta.hidden;
  },
  newFolder(snapshot, random) {
    const [first] = snapshot.collections;
    const name = unused(snapshot, random, 'folder');
    snapshot.collections.push({ collection: name, meta: { ...first.meta, collection: name, group: null } });
  },
  newCollection(snapshot, random) {
    const source = random.pick(tables(snapshot));
    const name = unused(snapshot, random, 'copy');
    snapshot.collections.push({
      ...source,
      collection: name,
      meta: { ...source.meta, collection: name },
      schema: { name },
    });
    const fields = snapshot.fields.filter(
      field => field.collection === source.collection && !isReference(field),
    );
    snapshot.fields.push(...structuredClone(fields).map(field => moved(field, name)));
  },
  collectionInNewFolder(snapshot, random) {
    MUTATIONS.newFolder(snapshot, random);
    const folder = snapshot.collections.at(-1).collection;
    random.pick(tables(snapshot)).meta.group = folder;
  },
  deletedCollection(snapshot, random) {
    const { collection } = random.pick(snapshot.collections);
    snapshot.collections = snapshot.collections.filter(other => other.collection !== collection);
    snapshot.fields = snapshot.fields.filter(field => field.collection !== collection);
    snapshot.relations = snapshot.relations.filter(
      relation => relation.collection !== collection && relation.related_collection !== collection,
    );
    for (const { meta } of snapshot.collections) if (meta.group === collection) meta.group = null;
    for (const { meta } of snapshot.relations)
      meta.one_allowed_collections &&= without(meta.one_allowed_collections, collection);
  },
  fieldSetting(snapshot, random) {
    const { meta } = random.pick(snapshot.fields);
    meta[random.pick(['note', 'interface', 'width', 'display'])] = word(random);
  },
  fieldSort(snapshot, random) {
    random.pick(snapshot.fields).meta.sort = random.below(90) + 10;
  },
  newOption(snapshot, random) {
    const { meta } = random.pick(snapshot.fields);
    meta.options = { ...meta.options, [word(random)]: { nested: [word(random), random.below(9)] } };
  },
  deletedOption(snapshot, random) {
    const fields = snapshot.fields.filter(({ meta }) => Object.keys(meta.options ?? {}).length > 0);
    const { options } = random.pick(fields).meta;
    delete options[random.pick(Object.keys(options))];
  },
  shorterList(snapshot, random) {
    const fields = snapshot.fields.filter(({ type, meta }) => type === 'alias' && meta.special?.length > 1);
    if (fields.length > 0) random.pick(fields).meta.special.pop();
  },
  newColumn(snapshot, random) {
    const source = random.pick(snapshot.fields.filter(isPlainColumn));
    const field = unused(snapshot, random, 'column');
    snapshot.fields.push({
      ...structuredClone(source),
      field,
      meta: { ...source.meta, field },
      schema: { ...source.schema, name: field },
    });
  },
  newAlias(snapshot, random) {
    const { collection } = random.pick(tables(snapshot));
    const field = unused(snapshot, random, 'alias');
    const meta = { ...snapshot.fields[0].meta, collection, field, special: ['alias', 'no-data'] };
    snapshot.fields.push({ collection, field, type: 'alias', meta });
  },
  customFieldOfUsers(snapshot, random) {
    const source = random.pick(snapshot.fields.filter(isPlainColumn));
    const field = { ...structuredClone(source), field: unused(snapshot, random, 'custom') };
    snapshot.fields.push(moved(field, 'directus_users'));
  },
  deletedField(snapshot, random) {
    const { collection, field } = random.pick(
      snapshot.fields.filter(({ schema }) => !schema?.is_primary_key),
    );
    dropField(snapshot, collection, field);
  },
  columnDefault(snapshot, random) {
    random.pick(snapshot.fields.filter(isText)).schema.default_value = word(random);
  },
  columnLength(snapshot, random) {
    random.pick(snapshot.fields.filter(isText)).schema.max_length = random.below(200) + 300;
  },
  columnFlag(snapshot, random) {
    const { schema } = random.pick(snapshot.fields.filter(isPlainColumn));
    const flag = random.pick(['is_nullable', 'is_unique', 'is_indexed']);
    schema[flag] = !schema[flag];
  },
  columnType(snapshot, random) {
    const field = random.pick(snapshot.fields.filter(isText));
    field.type = 'text';
    Object.assign(field.schema, { data_type: 'text', max_length: null });
  },
  aliasToColumn(snapshot, random) {
    const alias = random.pick(snapshot.fields.filter(({ type }) => type === 'alias'));
    const { type, schema } = random.pick(snapshot.fields.filter(isPlainColumn));
    alias.meta.special = null;
    Object.assign(alias, { type, schema: { ...schema, name: alias.field, table: alias.collection } });
    forget(snapshot, alias.collection, alias.field);
  },
  columnToAlias(snapshot, random) {
    const field = random.pick(snapshot.fields.filter(isPlainColumn));
    Object.assign(field, { type: 'alias', meta: { ...field.meta, special: ['alias', 'no-data'] } });
    delete field.schema;
    forget(snapshot, field.collection, field.field);
  },
  newRelation(snapshot, random) {
    const source = random.pick(snapshot.relations.filter(({ schema }) => schema));
    const { collection, field } = random.pick(snapshot.fields.filter(isPlainColumn));
    if (snapshot.relations.some(relation => relation.collection === collection && relation.field === field))
      return;
    snapshot.relations.push({
      ...structuredClone(source),
      collection,
      field,
      meta: { ...source.meta, many_collection: collection, many_field: field },
      schema: {
        ...source.schema,
        table: collection,
        column: field,
        constraint_name: `${collection}_${field}_foreign`,
      },
    });
  },
  deletedRelation(snapshot, random) {
    snapshot.relations.splice(random.below(snapshot.relations.length), 1);
  },
  relationSetting(snapshot, random) {
    random.pick(snapshot.relations).meta[random.pick(['one_field', 'sort_field', 'junction_field'])] =
      word(random);
  },
  relationRule(snapshot, random) {
    const { schema } = random.pick(snapshot.relations.filter(relation => relation.schema));
    schema.on_delete = random.pick(['CASCADE', 'RESTRICT', 'SET DEFAULT']);
  },
  relationTarget(snapshot, random) {
    const relation = random.pick(snapshot.relations.filter(({ schema }) => schema));
    const { collection } = random.pick(tables(snapshot));
    relation.related_collection = collection;
    relation.meta.one_collection = collection;
    relation.schema.foreign_key_table = collection;
  },
  droppedIndex(snapshot, random) {
    snapshot.systemFields.splice(random.below(snapshot.systemFields.length), 1);
  },
  newIndex(snapshot, random) {
    const field = random.pick(['title', 'location', 'first_name', 'last_name']);
    if (snapshot.systemFields.some(other => other.field === field)) return;
    snapshot.systemFields.push({ collection: 'directus_users', field, schema: { is_indexed: true } });
  },
  otherOrder(snapshot, random) {
    for (const list of /** @type {const} */ (['collections', 'fields', 'relations', 'systemFields']))
      snapshot[list] = random.shuffle(snapshot[list]);
  },
});

/**
 * A copy of the snapshot with one to four mutations, the first of which is `name`.
 *
 * @param {Snapshot} snapshot
 * @param {string} name
 * @param {string[]} kinds the mutations to choose the others from
 * @param {Random} random
 */
export function mutated(snapshot, name, kinds, random) {
  const copy = structuredClone(snapshot);
  const names = [name, ...Array.from({ length: random.below(4) }, () => random.pick(kinds))];
  for (const mutation of names) MUTATIONS[mutation]?.(copy, random);
  return { snapshot: copy, names };
}

/** @param {string[]} names @param {string} name */
function without(names, name) {
  return names.filter(other => other !== name);
}

/** @param {Random} random */
function word(random) {
  return random.pick(WORDS);
}

/** @param {Snapshot} snapshot @param {Random} random @param {string} start */
function unused(snapshot, random, start) {
  return `${start}_${word(random)}_${snapshot.collections.length}_${snapshot.fields.length}`;
}

/** @param {Snapshot} snapshot @returns {any[]} */
function tables(snapshot) {
  return snapshot.collections.filter(({ schema }) => schema);
}

/** @param {any} field */
function isReference({ type, schema }) {
  return type === 'alias' || Boolean(schema?.foreign_key_table);
}

/** @param {any} field */
function isPlainColumn(field) {
  return field.schema && !field.schema.is_primary_key && !isReference(field);
}

/** @param {any} field */
function isText(field) {
  return field.type === 'string' && isPlainColumn(field);
}

/** @param {any} field @param {string} collection */
function moved(field, collection) {
  return {
    ...field,
    collection,
    meta: { ...field.meta, collection, field: field.field },
    schema: { ...field.schema, table: collection, name: field.field },
  };
}

/**
 * A field goes with its relation.
 *
 * @param {Snapshot} snapshot
 * @param {string} collection
 * @param {string} field
 */
function dropField(snapshot, collection, field) {
  /** @param {any} thing */
  const isOther = thing => thing.collection !== collection || thing.field !== field;
  snapshot.fields = snapshot.fields.filter(isOther);
  snapshot.relations = snapshot.relations.filter(isOther);
  forget(snapshot, collection, field);
}

/**
 * What named a field names nothing any more.
 *
 * @param {Snapshot} snapshot
 * @param {string} collection
 * @param {string} field
 */
function forget(snapshot, collection, field) {
  for (const { related_collection, meta } of snapshot.relations)
    if (related_collection === collection && meta.one_field === field) meta.one_field = null;
  for (const thing of snapshot.fields)
    if (thing.collection === collection && thing.meta.group === field) thing.meta.group = null;
  const { meta } = snapshot.collections.find(thing => thing.collection === collection) ?? { meta: {} };
  for (const key of ['sort_field', 'archive_field']) if (meta[key] === field) meta[key] = null;
  meta.item_duplication_fields &&= without(meta.item_duplication_fields, field);
}
