// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

import {Initializable} from "@openzeppelin/contracts-upgradeable/proxy/utils/Initializable.sol";
import {OwnableUpgradeable} from "@openzeppelin/contracts-upgradeable/access/OwnableUpgradeable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts-upgradeable/proxy/utils/UUPSUpgradeable.sol";

contract Box is Initializable {
    uint256 public value;

    function initialize(uint256 to) public initializer {
        value = to;
    }
}

contract BoxTwo is Box {
    function raise() external {
        value += 1;
    }
}

contract BoxMoved is Initializable {
    address public other;
    uint256 public value;
}

contract OwnedBox is Initializable, OwnableUpgradeable, UUPSUpgradeable {
    uint256 public value;

    function initialize(uint256 to) public initializer {
        __Ownable_init(msg.sender);
        value = to;
    }

    function _authorizeUpgrade(address) internal override onlyOwner {}
}

contract OwnedBoxTwo is OwnedBox {
    function raise() external {
        value += 1;
    }
}
