// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Token} from "../src/Token.sol";
import {Probe} from "../src/Probe.sol";
import {vm} from "../src/Vm.sol";

contract Deploy {
    function run() external {
        vm.startBroadcast();
        Token token = new Token();
        Probe probe = new Probe();
        token.transfer(address(0x70997970C51812dc3A010C7d01b50e0d17dc79C8), 5);
        probe.set(42);
        payable(address(probe)).transfer(1);
        vm.stopBroadcast();
        require(probe.value() == 42, "not set");
    }

    // By the deployer of CREATE2.
    function salted() external {
        vm.startBroadcast();
        Probe probe = new Probe{salt: bytes32(uint256(7))}();
        vm.stopBroadcast();
        require(address(probe).code.length > 0, "no code");
    }

    // More than what forge sends in one batch.
    function many() external {
        vm.startBroadcast();
        Probe probe = new Probe();
        for (uint256 i = 1; i <= 120; ++i) {
            probe.set(i);
        }
        vm.stopBroadcast();
    }

    function failing() external {
        vm.startBroadcast();
        new Probe().fail();
        vm.stopBroadcast();
    }
}
