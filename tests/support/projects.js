/** Projects of one test file, destroyed together when its tests are over. */
import { after } from 'node:test';
import { createKindsProject } from '../harness/kinds-project.js';
import { createProject } from '../harness/project.js';
import { createSampleProject, SAMPLE_COLLECTIONS } from '../harness/sample-project.js';
import { installFolder, succeed } from './sync-folder.js';

/** @typedef {import('../harness/project.js').Project} Project */
/** @typedef {import('../harness/project.js').ProjectOptions} ProjectOptions */

/** Entries for all of the sample's own collections, without options. */
export const EVERY_COLLECTION = Object.freeze(Object.fromEntries(SAMPLE_COLLECTIONS.map(name => [name, {}])));

/** Call it at the top of a test file. */
export function testProjects() {
  /** @type {Project[]} */
  const projects = [];
  after(() => Promise.all(projects.map(project => project.destroy())));

  /** @param {Promise<Project>} promise */
  const keep = async promise => {
    const project = await promise;
    projects.push(project);
    return project;
  };

  /** @param {ProjectOptions} options */
  const sample = options => keep(createSampleProject(options));

  return {
    /** @param {ProjectOptions} options */
    empty: options => keep(createProject(options)),
    sample,
    /** @param {ProjectOptions} options */
    kinds: options => keep(createKindsProject(options)),
    /**
     * A sample project with everything exported, files' metadata included.
     *
     * @param {ProjectOptions} options
     */
    async exportedSample(options) {
      const source = await sample({ ...options, template: 'a' });
      await installFolder(source, EVERY_COLLECTION, { directus_files: {} });
      await succeed(source, ['schema-sync', 'export']);
      return source;
    },
  };
}
