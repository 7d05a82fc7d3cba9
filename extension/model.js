/**
 * The shapes that cross between JavaScript and the core, as the serde types of `src/model.rs`, `src/config.rs`
 * and `src/plan.rs` spell them in JSON. Types only.
 *
 * @typedef {'create' | 'merge' | 'sync' | 'mirror'} Mode
 * @typedef {'overwrite' | 'keep' | 'fail'} OnDrift what happens where the target changed
 * @typedef {Record<string, any>} Row
 * @typedef {Record<string, any>} Snapshot a snapshot as Directus makes it
 * @typedef {import('./errors.js').Diagnostic} Diagnostic
 * @typedef {{path: string, text: string}} FileText path relative to the folder, such as `data/posts.json`
 *
 * @typedef {object} Facts what the core is told about an instance
 * @property {string} directus version, such as `12.4.0`
 * @property {string} vendor `sqlite`, `postgres`, `mysql` …
 * @property {Record<string, CollectionFacts>} collections system collections included
 * @property {RelationFacts[]} relations
 * @property {{role?: string | null, policy?: string | null} | null} [admin] the bootstrap Administrator
 * @property {boolean | null} [geometry] whether the database can hold geometry
 * @property {Limits} [limits]
 *
 * @typedef {object} CollectionFacts
 * @property {string} primary
 * @property {boolean} [singleton]
 * @property {Record<string, FieldFacts>} fields
 *
 * @typedef {object} FieldFacts
 * @property {string} type
 * @property {string[]} [special]
 * @property {boolean} [nullable]
 * @property {boolean} [generated]
 * @property {boolean} [unique]
 * @property {unknown} [defaultValue]
 *
 * @typedef {object} RelationFacts
 * @property {string} collection
 * @property {string} field
 * @property {string | null} [related]
 * @property {string | null} [collectionField]
 * @property {string[] | null} [allowed] the collections that a row may name there
 * @property {boolean} [constraint]
 * @property {string | null} [onDelete]
 *
 * @typedef {{limit: number, used: number}} Limit
 * @typedef {object} Limits
 * @property {Limit | null} [collections]
 * @property {Limit | null} [flows]
 * @property {Limit | null} [seats]
 * @property {boolean | null} [customPermissionRules]
 *
 * @typedef {object} RawSource the exports of one config file, functions replaced by `{"$function": true}`
 * @property {string} file
 * @property {Record<string, unknown>} [custom] `syncCustomCollections`
 * @property {Record<string, unknown>} [directus] `syncDirectusCollections`
 * @property {unknown} [renames] `renames`, such as `{'posts.title': 'posts.headline'}`
 *
 * @typedef {object} RawConfig
 * @property {RawSource[]} sources
 * @property {Mode} mode
 * @property {Mode} [schemaMode] where the schema is to go less far
 *
 * @typedef {object} Config
 * @property {Mode} mode
 * @property {Mode} [schemaMode]
 * @property {Entry[]} entries sorted by id
 * @property {Rename[]} [renames]
 * @property {Record<string, string[]>} [named] collections whose rows are referred to by key, with its fields
 * @property {Diagnostic[]} diagnostics
 *
 * @typedef {{collection: string, field: string, to: string, place: string}} Rename of a field
 *
 * @typedef {object} Entry one collection of the config with its prefix
 * @property {string} id the stem of its files under `data/`
 * @property {string} collection
 * @property {string} prefix
 * @property {string} place such as `config.js: syncCustomCollections.posts`
 * @property {number} source index in {@link RawConfig} `sources`
 * @property {string[]} fields
 * @property {string} primaryKey
 * @property {string[]} key
 * @property {boolean} keyFunction
 * @property {Record<string, string[]>} [byKey] fields that refer by key, with the collections that they may lead to
 * @property {boolean} multiset
 * @property {boolean} singleton
 * @property {string[]} groupBy
 * @property {any} filter Directus' filter syntax, or null
 * @property {string[]} sort
 * @property {number | null} [limit]
 * @property {boolean} deletes
 * @property {boolean} onExport
 * @property {boolean} onImport
 * @property {string[]} watch
 * @property {Effects} [effects]
 * @property {string[]} [withheld] fields that never leave the instance, but may come from the environment
 * @property {Record<string, string>} [env] variables by the place that an export writes them to
 * @property {boolean} [passwordHashes] whether the hashes of users' passwords travel
 *
 * @typedef {object} Effects what an entry asks for beside its rows
 * @property {boolean} [emitEvents] Directus' events tell of the rows once they are committed
 * @property {boolean} [track] activity and revisions are written
 * @property {boolean} [files] the contents of files go with their rows
 *
 * @typedef {{collection: string, fields: string[], filter: any}} Reading rows to read again; the filter is null
 *   for a singleton
 *
 * @typedef {object} EntryFiles
 * @property {string[]} schema
 * @property {Record<string, string[]>} entries paths by entry id
 * @property {string[]} unowned
 *
 * @typedef {object} Verified
 * @property {string} root
 * @property {boolean} legacy
 * @property {string[]} missing
 * @property {string[]} changed
 * @property {string[]} unlisted
 * @property {string[]} ignored
 *
 * @typedef {{kind: 'interface' | 'display' | 'layout' | 'panel' | 'operation', id: string}} Part what an extension
 *   brings
 * @typedef {Part & {extension: string, enabled: boolean}} Installed a part that an extension of the target brings
 *
 * @typedef {object} LossQuestion what is counted on the target, and where
 * @property {string} id
 * @property {'rows' | 'values' | 'longer' | 'outside' | 'nulls' | 'repeats'} kind rows of the collection; of the
 *   field: values that are not null, texts longer than `limit` characters, numbers below `min` or above `max`, rows
 *   with null, different values that occur more than once (null aside)
 * @property {string} collection
 * @property {string} [field] none where rows are counted
 * @property {number} [limit]
 * @property {number} [min]
 * @property {number} [max]
 *
 * @typedef {object} Plan
 * @property {number} formatVersion
 * @property {Mode} mode
 * @property {Step[]} steps
 * @property {PlanWarning[]} warnings
 * @property {{schema: Record<string, Counts>, items: Record<string, Counts>}} summary
 * @property {string} digest
 *
 * @typedef {object} Seal what a plan was made of
 * @property {string} source the root hash of the manifest
 * @property {{directus: string, vendor: string, id: string}} target
 * @property {Record<string, any>} scope the options of the run; the core only compares them
 *
 * @typedef {Omit<Plan, 'steps'> & Seal & {steps: Record<string, any>[]}} SealedPlan the steps of the schema as they
 *   are; those of rows with names and hashes, see `src/sealed/compact.rs`
 *
 * @typedef {object} ExportPlan what an export writes so that changes which wait in the folder stay there
 * @property {Snapshot | null} schema to write; null where the planner was given none
 * @property {Record<string, EntryExport>} entries by entry id
 * @property {PlanWarning[]} pending changes of the folder that an import has yet to bring
 * @property {PlanWarning[]} conflicts changed on both sides: with any, nothing may be written
 *
 * @typedef {object} Arrangement how the rows that were written as they came become a file
 * @property {string} path of the file
 * @property {string} begin what stands before the first row
 * @property {string} between what stands between two ranges
 * @property {string} end what stands behind the last row
 * @property {[start: number, length: number][]} ranges bytes of what was written, in the order in which they belong; one
 *   range where that is the order in which they came
 *
 * @typedef {object} EntryExport rows of the folder by how many rows of the entry's files stand before them
 * @property {number[]} keep rows of the folder that stay
 * @property {number[]} leftOut rows of the folder that `onImport` drops, which stay unless the instance has them
 * @property {unknown[]} omit primary keys of rows that are not written
 * @property {[key: unknown, index: number][]} replace primary keys, and the folder's rows to write in their place
 * @property {Record<string, Row>} [ids] values that stand for others in the folder's rows that stay
 * @property {string[]} [gone] fields that no row is written with, since the schema that is written lacks them
 * @property {{role?: string | null, policy?: string | null}} [admin] ids that stand for the Administrator there
 *
 * @typedef {object} PlanWarning
 * @property {string} code
 * @property {string} message
 * @property {string} path what it concerns: `posts`, `posts.title`
 * @property {boolean} [destructive] whether the plan is applied only with consent
 * @property {boolean} [refused] whether the plan may not be applied at all
 *
 * @typedef {object} Counts
 * @property {number} create
 * @property {number} update
 * @property {number} delete
 * @property {number} unchanged
 * @property {number} kept what stays as it is on the target
 * @property {number} [drift] what changed on the target alone
 * @property {number} [conflict] what changed in the files and on the target
 *
 * @typedef {{type: string, collection: string, entry?: string, field?: string, effects?: Effects, count?: number,
 *   parts?: () => AsyncIterable<Step>} & Record<string, any>} Step where it is about rows, their number stands for them,
 *   and `parts()` gives the step with some of them each time
 */

export {};
