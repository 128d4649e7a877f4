namespace EdgeAutonomy.Learning;

/// <summary>Masses, places and speeds of three bodies, one system per lane.</summary>
internal struct Bodies<T> where T : struct, IOrbitLanes<T>
{
    /// <summary>How many numbers a system is in a buffer: masses, x, y, u, v, three of each.</summary>
    public const int Fields = 15;

    public T M0, M1, M2;
    public T X0, X1, X2;
    public T Y0, Y1, Y2;
    public T U0, U1, U2;
    public T V0, V1, V2;

    /// <summary>Returns the same system in every lane.</summary>
    public static Bodies<T> Of(in ThreeBodyState s) => new()
    {
        M0 = T.Of(s.M0), M1 = T.Of(s.M1), M2 = T.Of(s.M2),
        X0 = T.Of(s.X0), X1 = T.Of(s.X1), X2 = T.Of(s.X2), Y0 = T.Of(s.Y0), Y1 = T.Of(s.Y1), Y2 = T.Of(s.Y2),
        U0 = T.Of(s.U0), U1 = T.Of(s.U1), U2 = T.Of(s.U2), V0 = T.Of(s.V0), V1 = T.Of(s.V1), V2 = T.Of(s.V2),
    };

    /// <summary>Writes places and speeds of lane 0 into a state; masses and time stay.</summary>
    public readonly void CopyTo(ref ThreeBodyState s)
    {
        Span<double> lanes = stackalloc double[8];
        s.X0 = First(X0, lanes); s.X1 = First(X1, lanes); s.X2 = First(X2, lanes);
        s.Y0 = First(Y0, lanes); s.Y1 = First(Y1, lanes); s.Y2 = First(Y2, lanes);
        s.U0 = First(U0, lanes); s.U1 = First(U1, lanes); s.U2 = First(U2, lanes);
        s.V0 = First(V0, lanes); s.V1 = First(V1, lanes); s.V2 = First(V2, lanes);
    }

    private static double First(T value, Span<double> lanes)
    {
        T.Store(value, lanes);
        return lanes[0];
    }
}
