import { wholeSchoolStory } from '../support/whole-school/story.ts'

await wholeSchoolStory({ pupils: 90, staff: 12, classes: 9 }, 1)
