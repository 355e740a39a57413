// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

// The part of Filecoin Pay's interface that the flows use, for the network's own contract is in no registry.
contract Pay {
    event DepositRecorded(address indexed token, address indexed from, address indexed to, uint256 amount);
    event WithdrawRecorded(address indexed token, address indexed from, address indexed to, uint256 amount);
    event OperatorApprovalUpdated(
        address indexed token, address indexed client, address indexed operator,
        bool approved, uint256 rateAllowance, uint256 lockupAllowance, uint256 maxLockupPeriod
    );

    struct Approval {
        bool isApproved;
        uint256 rateAllowance;
        uint256 lockupAllowance;
        uint256 rateUsage;
        uint256 lockupUsage;
        uint256 maxLockupPeriod;
    }

    mapping(address token => mapping(address owner => uint256)) private funds;
    mapping(address token => mapping(address client => mapping(address operator => Approval))) public operatorApprovals;

    function deposit(address token, address to, uint256 amount) external payable {
        funds[token][to] += amount;
        require(IERC20(token).transferFrom(msg.sender, address(this), amount));
        emit DepositRecorded(token, msg.sender, to, amount);
    }

    function withdraw(address token, uint256 amount) external {
        funds[token][msg.sender] -= amount;
        require(IERC20(token).transfer(msg.sender, amount));
        emit WithdrawRecorded(token, msg.sender, msg.sender, amount);
    }

    function accounts(address token, address owner) external view returns (uint256, uint256, uint256, uint256) {
        return (funds[token][owner], 0, 0, block.number);
    }

    function setOperatorApproval(address token, address operator, bool approved, uint256 rate, uint256 lockup, uint256 period) external {
        operatorApprovals[token][msg.sender][operator] = Approval(approved, rate, lockup, 0, 0, period);
        emit OperatorApprovalUpdated(token, msg.sender, operator, approved, rate, lockup, period);
    }
}
