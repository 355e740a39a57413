// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

contract Child {
    uint256 public kept;

    constructor(uint256 to) payable {
        require(to != 13, "unlucky");
        kept = to;
    }

    function keep(uint256 to) external payable returns (uint256 was) {
        was = kept;
        kept = to;
    }
}

// What its opcodes do is the same on each chain: no gas, time or block is read, and calls get all gas there is.
contract Steps {
    event Summed(uint256 indexed count, bytes32 hash);

    uint256 public total;
    mapping(uint256 => uint256) public squares;
    Child public child;

    constructor(uint256 start) {
        total = start;
    }

    receive() external payable {}

    function sum(uint256 count) external returns (bytes32 hash) {
        uint256[] memory all = new uint256[](count);
        for (uint256 i = 0; i < count; i++) {
            all[i] = i * i + total;
            squares[i] = all[i];
            total += squares[i];
        }
        hash = keccak256(abi.encode(all));
        emit Summed(count, hash);
    }

    function create(uint256 to, bytes32 salt) external payable {
        child = salt == 0 ? new Child{value: msg.value}(to) : new Child{value: msg.value, salt: salt}(to);
    }

    function callChild(uint256 to) external returns (uint256 was) {
        (bool done, bytes memory output) = _call(address(child), abi.encodeCall(Child.keep, (to)));
        require(done, "the child failed");
        was = abi.decode(output, (uint256)) + total;
    }

    // Each depth writes; the last one reverts, and half of them pass it on.
    function descend(uint256 depth) external returns (uint256) {
        total += depth;
        if (depth == 0) revert("at the end");
        (bool done, bytes memory output) = _call(address(this), abi.encodeCall(this.descend, (depth - 1)));
        if (!done && depth % 2 == 1) revert(string(output));
        return output.length;
    }

    function divide(uint256 by) external view returns (uint256) {
        return total / by;
    }

    function fails(uint256 how) external returns (bool done) {
        (done,) = _call(address(this), abi.encodeCall(this.end, (how)));
    }

    function end(uint256 how) external {
        assembly {
            switch how
            case 0 { invalid() }
            case 1 { return(0, 0) }
            case 2 { stop() }
            case 3 { pop(staticcall(not(0), address(), 0, 4, 0, 32)) }
            default { revert(0, 64) }
        }
    }

    function mix() external returns (bytes32 result) {
        assembly {
            tstore(1, 77)
            sstore(9, tload(1))
            sstore(9, 0)
            mstore8(130, 7)
            mcopy(64, 128, 32)
            pop(staticcall(not(0), 2, 64, 64, 0, 32))
            pop(staticcall(not(0), 4, 0, 64, 160, 64))
            returndatacopy(300, 3, 7)
            pop(delegatecall(not(0), address(), 0, 4, 0, 0))
            extcodecopy(address(), 400, 3, 50)
            calldatacopy(512, 2, 40)
            codecopy(600, 0, 20)
            let odd := addmod(mulmod(not(0), 7, 1000003), exp(3, 77), 65537)
            odd := add(signextend(0, sar(3, not(odd))), byte(31, shl(4, odd)))
            log2(3, 9, odd, extcodehash(address()))
            mstore(640, odd)
            result := keccak256(0, 672)
        }
    }

    function send(address to) external payable {
        assembly {
            if iszero(call(not(0), to, callvalue(), 0, 0, 0, 0)) { revert(0, 0) }
        }
    }

    function _call(address to, bytes memory input) private returns (bool done, bytes memory output) {
        assembly {
            done := call(not(0), to, 0, add(input, 32), mload(input), 0, 0)
            output := mload(64)
            mstore(64, add(output, and(add(returndatasize(), 63), not(31))))
            mstore(output, returndatasize())
            returndatacopy(add(output, 32), 0, returndatasize())
        }
    }
}
