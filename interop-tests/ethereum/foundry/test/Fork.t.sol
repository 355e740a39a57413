// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Probe} from "../src/Probe.sol";
import {vm} from "../src/Vm.sol";

// On forge's own EVM, which reads the state of the node.
contract ForkTest {
    function test_a_deployed_contract_is_there() external {
        Probe probe = Probe(payable(vm.envAddress("PROBE")));
        require(probe.value() == 42, "another value");
        probe.set(43);
        require(probe.value() == 43, "not set");
    }

    function test_accounts_have_their_balance() external view {
        require(address(0x70997970C51812dc3A010C7d01b50e0d17dc79C8).balance > 9000 ether, "no balance");
    }
}
