/**
 * Your own collections: what Schema Sync carries from one environment to the next.
 *
 * Schema, roles, permissions, flows and the like are not named here: the schema always travels, and the collections of
 * Directus stand in `directus_config.js`. What you add here are ROWS: content that belongs to the project more than to
 * its users, such as languages, page templates, navigation, or a set of data for tests.
 *
 * After a change here, run `directus schema-sync export` where the data is, and commit the folder.
 */
export const syncCustomCollections = {
  // All rows of a collection. The primary key identifies a row on every instance, so uuid keys serve best.
  //
  // languages: {},
  //
  // Integer keys that every instance counts for itself: name the fields that identify a row instead, and leave the
  // primary key out of the files. References to such rows stand in the files as their keys.
  //
  // tax_rates: {
  //   key: ['country', 'name'],
  //   excludeFields: ['id'],
  // },
  //
  // Some rows only, without some fields. Rows outside the filter are neither exported nor ever deleted.
  //
  // pages: {
  //   excludeFields: ['views', 'date_updated'],
  //   query: {
  //     filter: { status: { _eq: 'published' } },
  //     sort: ['slug'],
  //   },
  // },
  //
  // One file per language, so that two translators do not edit the same file. The order of entries does not matter:
  // what refers to what is known from the schema.
  //
  // page_translations: {
  //   groupBy: ['languages_code'],
  // },
  //
  // Functions change rows on their way. `onImport` should undo what `onExport` did, or every import finds a difference.
  // Both may be async, and both may return null to leave a row out.
  //
  // links: {
  //   onExport: (item, itemsService) => ({ ...item, url: item.url.replace(process.env.PUBLIC_URL, '{{url}}') }),
  //   onImport: (item, itemsService) => ({ ...item, url: item.url.replace('{{url}}', process.env.PUBLIC_URL) }),
  // },
};
