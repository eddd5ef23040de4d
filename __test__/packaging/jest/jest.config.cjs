module.exports = { rootDir: __dirname, testEnvironment: 'node', transform: {}, watchman: false, cache: false }
