// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

contract Bank {
    error Short(uint256 wanted, uint256 had);

    event Paid(address indexed by, uint256 amount);

    mapping(address => uint256) public held;
    uint256 public immutable since = block.timestamp;

    receive() external payable {
        held[msg.sender] += msg.value;
        emit Paid(msg.sender, msg.value);
    }

    function take(uint256 amount) external {
        if (amount > held[msg.sender]) {
            revert Short(amount, held[msg.sender]);
        }
        held[msg.sender] -= amount;
        payable(msg.sender).transfer(amount);
    }

    function close() external view {
        require(block.timestamp >= since + 1 days, "too early");
        revert("closed");
    }

    function nothing() external pure {
        revert();
    }

    function third(uint256[] calldata of_) external pure returns (uint256) {
        return of_[2];
    }
}
