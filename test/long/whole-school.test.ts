import { wholeSchoolStory } from '../support/whole-school/story.ts'

await wholeSchoolStory({ pupils: 1_000, staff: 60, classes: 40 }, 40)
