// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

// What the scripts use of forge's own interface.
interface Vm {
    function startBroadcast() external;
    function stopBroadcast() external;
    function envAddress(string calldata name) external view returns (address);
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
