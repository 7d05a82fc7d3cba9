/** Short forms of the fields and relations that Directus' own Studio would create. */

/**
 * @typedef {Record<string, any>} Field as POST /collections takes it
 * @typedef {Record<string, any>} Relation as POST /relations takes it
 */

/**
 * A column of any type.
 *
 * @param {string} field
 * @param {string} type Directus field type
 * @param {object} [meta]
 * @param {object} [schema]
 * @returns {Field}
 */
export function column(field, type, meta = {}, schema = {}) {
  return { field, type, meta, schema };
}

/** A random key that the caller chooses. @returns {Field} */
export function uuidKey() {
  const meta = { special: ['uuid'], hidden: true, readonly: true, interface: 'input' };
  return column('id', 'uuid', meta, { is_primary_key: true, has_auto_increment: false });
}

/** A key that the database counts up. @returns {Field} */
export function serialKey() {
  const schema = { is_primary_key: true, has_auto_increment: true };
  return column('id', 'integer', { hidden: true, readonly: true, interface: 'input' }, schema);
}

/** A key that people type. @param {string} field @returns {Field} */
export function nameKey(field) {
  return column(
    field,
    'string',
    { interface: 'input', required: true },
    { is_primary_key: true, max_length: 64 },
  );
}

/**
 * The column of a m2o relation.
 *
 * @param {string} field
 * @param {string} type of the related key
 * @param {object} [meta]
 * @returns {Field}
 */
export function manyToOne(field, type, meta = {}) {
  return column(field, type, { special: ['m2o'], interface: 'select-dropdown-m2o', ...meta });
}

/**
 * A field without a column: o2m, m2m, m2a, translations, groups and dividers.
 *
 * @param {string} field
 * @param {string} special
 * @param {object} [meta]
 * @returns {Field}
 */
export function alias(field, special, meta = {}) {
  return {
    field,
    type: 'alias',
    meta: { special: [special], interface: ALIAS_INTERFACES[special], ...meta },
    schema: null,
  };
}

/** @type {Record<string, string>} */
const ALIAS_INTERFACES = {
  o2m: 'list-o2m',
  m2m: 'list-m2m',
  m2a: 'list-m2a',
  translations: 'translations',
};

/**
 * @param {string} collection
 * @param {string} field
 * @param {string} related
 * @param {'SET NULL' | 'CASCADE' | 'NO ACTION' | 'RESTRICT'} onDelete
 * @param {object} [meta] `one_field` names the alias field on the other side
 * @returns {Relation}
 */
export function relation(collection, field, related, onDelete, meta = {}) {
  const deselect = onDelete === 'CASCADE' ? 'delete' : 'nullify';
  return {
    collection,
    field,
    related_collection: related,
    meta: { one_deselect_action: deselect, ...meta },
    schema: { on_delete: onDelete },
  };
}
