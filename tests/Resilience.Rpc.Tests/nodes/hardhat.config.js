// The least that a node needs; nothing is compiled.
module.exports = { networks: { hardhat: { chainId: 1337 } } };
