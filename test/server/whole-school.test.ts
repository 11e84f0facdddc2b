import { wholeSchoolStory } from '../support/whole-school/story.ts'

await wholeSchoolStory({ pupils: 180, staff: 24, classes: 18 }, 2)
