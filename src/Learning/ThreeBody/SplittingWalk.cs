namespace EdgeAutonomy.Learning;

/// <summary>A system under way by drifts and kicks. Copying it is saving it.</summary>
internal struct SplittingWalk(in ThreeBodyState start, bool compensated)
{
    /// <summary>Where the bodies are.</summary>
    public Bodies<OrbitScalar> Bodies = Bodies<OrbitScalar>.Of(start);
    private readonly bool _compensated = compensated;
    private Bodies<OrbitScalar> _lost;
    private Pull<OrbitScalar> _pull;

    /// <summary>Computes the accelerations where the bodies are, and returns 1: one evaluation.</summary>
    public int Accelerate()
    {
        Gravity.Accelerate(Bodies, ref _pull);
        return 1;
    }

    /// <summary>Moves every body at its speed for a time.</summary>
    public void Drift(double h)
    {
        Move(ref Bodies.X0, Bodies.U0, h, ref _lost.X0);
        Move(ref Bodies.X1, Bodies.U1, h, ref _lost.X1);
        Move(ref Bodies.X2, Bodies.U2, h, ref _lost.X2);
        Move(ref Bodies.Y0, Bodies.V0, h, ref _lost.Y0);
        Move(ref Bodies.Y1, Bodies.V1, h, ref _lost.Y1);
        Move(ref Bodies.Y2, Bodies.V2, h, ref _lost.Y2);
    }

    /// <summary>Applies the accelerations computed last for a time.</summary>
    public void Kick(double h)
    {
        Move(ref Bodies.U0, _pull.AX0, h, ref _lost.U0);
        Move(ref Bodies.U1, _pull.AX1, h, ref _lost.U1);
        Move(ref Bodies.U2, _pull.AX2, h, ref _lost.U2);
        Move(ref Bodies.V0, _pull.AY0, h, ref _lost.V0);
        Move(ref Bodies.V1, _pull.AY1, h, ref _lost.V1);
        Move(ref Bodies.V2, _pull.AY2, h, ref _lost.V2);
    }

    private readonly void Move(ref OrbitScalar x, OrbitScalar rate, double h, ref OrbitScalar lost)
    {
        var part = new OrbitScalar(rate.Value * h);
        x = _compensated ? Compensated.Add(x, part, ref lost) : x + part;
    }
}
