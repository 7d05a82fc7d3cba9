/**
 * The collections of Directus itself: what configures a project, without what belongs to its users.
 *
 * Remove an entry to leave that part alone on every instance; add options to narrow it. Everything here works without
 * options: keys, order and references are known, and secrets never leave the instance (passwords, tokens, API keys,
 * licence, the identity of the project). The Administrator role and policy have another id on every instance; they are
 * recognised and mapped, and no import takes the last admin away.
 */
export const syncDirectusCollections = {
  // Who may do what. Access rows of single users and permissions of the admin stay as they are on each instance.
  directus_roles: {
    watch: ['roles'],
  },
  directus_policies: {
    watch: ['policies'],
  },
  directus_access: {
    watch: ['access'],
  },
  directus_permissions: {
    watch: ['permissions'],
  },

  // Name, colours, modules, defaults. The URL of the project differs from environment to environment.
  directus_settings: {
    watch: ['settings'],
    excludeFields: ['project_url'],
  },

  // Automation. Values that differ per environment belong into `{{ $env.… }}` of the operations, not into the rows.
  directus_flows: {
    watch: ['flows'],
  },
  directus_operations: {
    watch: ['operations'],
  },

  // Insights.
  directus_dashboards: {
    watch: ['dashboards'],
  },
  directus_panels: {
    watch: ['panels'],
  },

  // Bookmarks and layouts for everybody or for a role; those of single users stay with them.
  directus_presets: {
    watch: ['presets'],
  },

  // Texts of the Studio in your languages.
  directus_translations: {
    watch: ['translations'],
  },

  // Folders of the file library.
  directus_folders: {
    watch: ['folders'],
  },

  // Files. With them, the logo and the other images of the settings travel too; without them they stay as they are on each
  // instance. Without `files: true` only the rows travel: useful where all environments share one storage.
  //
  // directus_files: {
  //   files: true,
  //   watch: ['files'],
  //   query: { filter: { folder: { name: { _eq: 'Brand' } } } },
  // },

  // Accounts for tests. They come without passwords and tokens.
  //
  // directus_users: {
  //   watch: ['users'],
  //   query: { filter: { email: { _ends_with: '@example.com' } } },
  // },
};
