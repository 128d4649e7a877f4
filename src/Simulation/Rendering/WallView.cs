namespace EdgeAutonomy.Simulation;

/// <summary>A straight surface in camera coordinates: right r, depth z, image coordinate u = r/z. 1/z is linear in u.</summary>
internal struct WallView
{
    private double _ar, _az, _er, _ez;

    public bool Visible;

    /// <summary>The image coordinates of the two ends of the visible part.</summary>
    public double Left, Right;

    /// <summary>Metres from end to end.</summary>
    public double Length;

    /// <summary>1/z at u = 0, and its slope.</summary>
    public double InverseAtZero, InverseSlope;

    /// <summary>Sets the surface from its ends, clipped at the near plane; false when nothing can be seen.</summary>
    public bool Place(double ar, double az, double br, double bz, double near)
    {
        Visible = false;
        if (az < near && bz < near) return false;
        (_ar, _az, _er, _ez) = (ar, az, br - ar, bz - az);
        double c = az * _er - ar * _ez;
        if (Math.Abs(c) < 1e-9) return false; // seen edge-on
        InverseAtZero = _er / c;
        InverseSlope = -_ez / c;
        if (az < near)
        {
            double t = (near - az) / _ez;
            (ar, az) = (ar + t * _er, near);
        }
        else if (bz < near)
        {
            double t = (near - _az) / _ez;
            (br, bz) = (_ar + t * _er, near);
        }
        double ua = ar / az, ub = br / bz;
        (Left, Right) = ua < ub ? (ua, ub) : (ub, ua);
        return Visible = true;
    }

    /// <summary>Returns 1/z at image coordinate u.</summary>
    public readonly double Inverse(double u) => InverseAtZero + InverseSlope * u;

    /// <summary>Returns where the ray of u meets the surface: 0 at the first end, 1 at the second.</summary>
    public readonly double Along(double u) => Math.Clamp((u * _az - _ar) / (_er - u * _ez), 0, 1);
}
