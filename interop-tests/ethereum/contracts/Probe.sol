// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Probe {
    error TooMuch(uint256 given, uint256 most);

    event Changed(address indexed by, uint256 value);

    uint256 public value;

    receive() external payable {}

    function set(uint256 to) external {
        value = to;
        emit Changed(msg.sender, to);
    }

    function fail() external pure {
        revert("not today");
    }

    function failWith(uint256 given) external pure {
        revert TooMuch(given, 7);
    }

    function panic(uint256 divisor) external pure returns (uint256) {
        return 1 / divisor;
    }
}
