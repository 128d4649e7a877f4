namespace EdgeAutonomy.Learning;

/// <summary>What one pair adds per unit of mass: acceleration, jerk, and the fourth power of its collision time.</summary>
internal struct PairPull<T> where T : struct, IOrbitLanes<T>
{
    public T AX, AY, JX, JY, Collision;
}
