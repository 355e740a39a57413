// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// What fvm-solidity's mocks ask of forge.
interface Vm {
    function deal(address account, uint256 balance) external;
}
