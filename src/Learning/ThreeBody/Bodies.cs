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
}
