/** The guided stories, in the order in which they are offered. */
import { REUSE_STORIES } from './reuse.js';
import { STATE_STORIES } from './states.js';
import type { Story } from './story.js';

export type { Story, StoryRun, StoryStep, Words } from './story.js';

/** All of them. */
export const STORIES: readonly Story[] = [...REUSE_STORIES, ...STATE_STORIES];
