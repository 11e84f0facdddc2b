import tseslint from 'typescript-eslint'

/**
 * Arrows point one way (docs/architecture.md). A folder may import itself, the folders listed here, and
 * libraries; `types` may be imported as types only.
 */
const layers = {
  machines: { may: [] },
  school: { may: [] },
  db: { may: ['school', 'machines'] },
  activities: { may: ['db', 'school', 'machines'], types: ['workflows'] },
  workflows: { may: ['machines'], types: ['activities'] },
  server: { may: ['workflows', 'machines', 'db', 'school'], types: ['activities'] },
}
const folders = ['machines', 'workflows', 'activities', 'db', 'school', 'server', 'runtime', 'test', 'bench']

const layerRules = Object.entries(layers).map(([folder, { may, types = [] }]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: folders
          .filter((other) => other !== folder && !may.includes(other))
          .map((other) => ({
            regex: `^(\\.\\./)+${other}/`,
            allowTypeImports: types.includes(other),
            message: `${folder}/ may not import ${other}/ (docs/architecture.md).`,
          })),
      },
    ],
  },
}))

export default tseslint.config(
  { ignores: ['node_modules/', '.data/', 'coverage/', 'docs/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only runtime/config.ts reads the environment.' }],
      eqeqeq: 'error',
    },
  },
  { files: ['runtime/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', '*.ts'], rules: { 'no-restricted-properties': 'off' } },
  ...layerRules,
)
