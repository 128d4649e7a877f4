namespace EdgeAutonomy.Learning;

/// <summary>Acceleration (A) and its rate of change, the jerk (J), of three bodies, one system per lane.</summary>
internal struct Pull<T> where T : struct, IOrbitLanes<T>
{
    public T AX0, AX1, AX2;
    public T AY0, AY1, AY2;
    public T JX0, JX1, JX2;
    public T JY0, JY1, JY2;
}
