// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// A pool of items.
interface IPool {
    /// @notice Take one item.
    function take(uint256 index) external returns (uint256);
}

library Lists {
    function last(uint256[] storage list) internal view returns (uint256) {
        return list[list.length - 1];
    }
}

// Outside of any contract.
function clamp(uint256 value, uint256 limit) pure returns (uint256) {
    return value > limit ? limit : value;
}

abstract contract Base {
    function kind() public view virtual returns (string memory);
}

contract Pool is Base, IPool {
    uint256[] private items;
    address public owner;

    event Taken(uint256 index);

    constructor(
        address _owner
    ) {
        owner = _owner;
    }

    /**
     * @dev Only for the owner.
     */
    modifier onlyOwner() {
        require(msg.sender == owner, "not the owner");
        _;
    }

    receive() external payable {}

    fallback() external payable {
        revert("function no() {}");
    }

    function take(uint256 index) external override onlyOwner returns (uint256) {
        emit Taken(index);
        return items[index];
    }

    function kind() public pure override returns (string memory) { return "pool"; }
}

contract PoolTest {
    function testTake() public {}
    function test_put() public {}
}

library Lowest {
    function least(uint256 a, uint256 b) internal pure returns (uint256 result) {
        assembly ("memory-safe") {
            // The smaller of two.
            function smaller(x_, y_) -> least_, at_ {
                if lt(x_, y_) { least_ := x_ }
            }
            function nothing() {}
            let least_, at_ := smaller(a, b)
            result := least_
        }
    }
}
