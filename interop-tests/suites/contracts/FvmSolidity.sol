// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {FVMActor} from "fvm-solidity/src/FVMActor.sol";
import {FVMAddress} from "fvm-solidity/src/FVMAddress.sol";
import {FVMMiner} from "fvm-solidity/src/FVMMiner.sol";
import {FVMPay} from "fvm-solidity/src/FVMPay.sol";
import {CALL_ACTOR_BY_ADDRESS, CALL_ACTOR_BY_ID} from "fvm-solidity/src/FVMPrecompiles.sol";
import {FVMRandom} from "fvm-solidity/src/FVMRandom.sol";
import {FVMSector, SectorStatus} from "fvm-solidity/src/FVMSector.sol";
import {FVMCallActorByAddress} from "fvm-solidity/src/mocks/FVMCallActorByAddress.sol";
import {FVMCallActorById} from "fvm-solidity/src/mocks/FVMCallActorById.sol";
import {FVMGetBeaconRandomness} from "fvm-solidity/src/mocks/FVMGetBeaconRandomness.sol";
import {FVMActor as FVMActorMock} from "fvm-solidity/src/mocks/FVMActor.sol";
import {FVMMinerActor} from "fvm-solidity/src/mocks/FVMMinerActor.sol";

/// The functions of fvm-solidity, each as one that can be called.
contract FvmSolidity {
    constructor() payable {}

    function pay(address to, uint256 amount) external returns (bool) {
        return FVMPay.pay(to, amount);
    }

    function payActor(uint64 actorId, uint256 amount) external returns (bool) {
        return FVMPay.pay(actorId, amount);
    }

    function burn(uint256 amount) external returns (bool) {
        return FVMPay.burn(amount);
    }

    function tryGetActorIdOfBytes(bytes calldata filAddress) external view returns (bool, uint64) {
        return FVMActor.tryGetActorId(filAddress);
    }

    function getActorIdOfBytes(bytes calldata filAddress) external view returns (uint64) {
        return FVMActor.getActorId(filAddress);
    }

    function tryGetActorId(address addr) external view returns (bool, uint64) {
        return FVMActor.tryGetActorId(addr);
    }

    function getActorId(address addr) external view returns (uint64) {
        return FVMActor.getActorId(addr);
    }

    function addresses(uint64 id, address addr) external pure returns (bytes memory, bytes memory, address) {
        return (FVMAddress.f0(id), FVMAddress.f410(addr), FVMAddress.maskedAddress(id));
    }

    function safeActorId(address addr) external pure returns (uint64) {
        return FVMAddress.safeActorId(addr);
    }

    function isMiner(uint64 id) external returns (bool) {
        return FVMMiner.isMiner(id);
    }

    function tryGetOwner(uint64 id) external returns (bool, bytes memory) {
        return FVMMiner.tryGetOwner(id);
    }

    function getOwner(uint64 id) external returns (bytes memory) {
        return FVMMiner.getOwner(id);
    }

    function tryGetOwnerActorId(uint64 id) external returns (bool, uint64) {
        return FVMMiner.tryGetOwnerActorId(id);
    }

    function getOwnerActorId(uint64 id) external returns (uint64) {
        return FVMMiner.getOwnerActorId(id);
    }

    function tryGetOwnerAddress(uint64 id) external returns (bool, address) {
        return FVMMiner.tryGetOwnerAddress(id);
    }

    function getOwnerAddress(uint64 id) external returns (address) {
        return FVMMiner.getOwnerAddress(id);
    }

    function tryValidateSectorStatus(uint64 id, uint64 sector, SectorStatus status, int64 deadline, int64 partition)
        external
        returns (bool, bool)
    {
        return FVMSector.tryValidateSectorStatus(id, sector, status, deadline, partition);
    }

    function validateSectorStatus(uint64 id, uint64 sector, SectorStatus status, int64 deadline, int64 partition)
        external
        returns (bool)
    {
        return FVMSector.validateSectorStatus(id, sector, status, deadline, partition);
    }

    function tryGetNominalSectorExpiration(uint64 id, uint64 sector) external returns (bool, uint64) {
        return FVMSector.tryGetNominalSectorExpiration(id, sector);
    }

    function getNominalSectorExpiration(uint64 id, uint64 sector) external returns (uint64) {
        return FVMSector.getNominalSectorExpiration(id, sector);
    }

    function randomness(uint256 epoch) external view returns (uint256) {
        return FVMRandom.getBeaconRandomness(epoch);
    }

    /// The precompile itself, by a delegatecall or, which it refuses, by a call.
    function callById(
        bool delegated,
        uint64 method,
        uint256 value,
        uint64 flags,
        uint64 codec,
        bytes calldata params,
        uint64 id
    ) external returns (bool success, bytes memory data) {
        bytes memory input = abi.encode(method, value, flags, codec, params, id);
        return delegated ? CALL_ACTOR_BY_ID.delegatecall(input) : CALL_ACTOR_BY_ID.call(input);
    }

    function callByAddress(bool delegated, uint64 method, uint256 value, bytes calldata filAddress)
        external
        returns (bool success, bytes memory data)
    {
        bytes memory input = abi.encode(method, value, uint64(0), uint64(0), bytes(""), filAddress);
        return delegated ? CALL_ACTOR_BY_ADDRESS.delegatecall(input) : CALL_ACTOR_BY_ADDRESS.call(input);
    }

    function callEvm(address to, bytes calldata input) external returns (bool success, bytes memory data) {
        return to.call(input);
    }
}
