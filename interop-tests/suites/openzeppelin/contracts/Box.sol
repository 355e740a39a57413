// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.22;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";

/// A number behind a proxy.
contract Box is Initializable {
    uint256 public value;

    event Stored(uint256 value);

    function initialize(uint256 first) public initializer {
        value = first;
    }

    function store(uint256 next) public {
        value = next;
        emit Stored(next);
    }
}

contract BoxV2 is Box {
    uint256 public count;

    function increment() public {
        value++;
        count++;
    }
}

/// Another layout of storage: no upgrade of Box.
contract BoxBroken is Initializable {
    address public owner;
    uint256 public value;

    function initialize(uint256 first) public initializer {
        value = first;
    }
}

contract UupsBox is Box, UUPSUpgradeable {
    address public owner;

    error NotOwner();

    function initializeOwned(uint256 first) public {
        initialize(first);
        owner = msg.sender;
    }

    function _authorizeUpgrade(address) internal view override {
        require(msg.sender == owner, NotOwner());
    }
}

contract UupsBoxV2 is UupsBox {
    function version() public pure returns (uint256) {
        return 2;
    }
}
