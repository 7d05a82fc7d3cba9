/** Projects of one test file, destroyed together when its tests are over. */
import { after } from 'node:test';
import { createProject } from '../harness/project.js';
import { createSampleProject } from '../harness/sample-project.js';

/** @typedef {import('../harness/project.js').Project} Project */
/** @typedef {import('../harness/project.js').ProjectOptions} ProjectOptions */

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

  return {
    /** @param {ProjectOptions} options */
    empty: options => keep(createProject(options)),
    /** @param {ProjectOptions} options */
    sample: options => keep(createSampleProject(options)),
  };
}
