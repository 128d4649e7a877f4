namespace EdgeAutonomy.Agents;

/// <summary>Where an object is and how it moves, and how sure that is.</summary>
/// <param name="Position">Metres.</param>
/// <param name="Velocity">m/s.</param>
/// <param name="Covariance">Of [x, y, vx, vy].</param>
public readonly record struct TrackEstimate(Vector2D Position, Vector2D Velocity, SymmetricMatrix4 Covariance)
{
    /// <summary>Gets whether the numbers are finite and the covariance is positive definite.</summary>
    public bool IsValid => Position.IsFinite && Velocity.IsFinite && Covariance.Determinant() > 0;

    /// <summary>Returns the estimate after a time of nearly constant velocity with white acceleration.</summary>
    /// <param name="seconds">How long; not negative.</param>
    /// <param name="acceleration">Standard deviation of the acceleration, m/s².</param>
    public TrackEstimate Predicted(double seconds, double acceleration)
    {
        double t = seconds, q = acceleration * acceleration;
        var p = Covariance;
        var next = p;
        for (int i = 0; i < 2; i++)
        {
            for (int j = 0; j < 2; j++)
            {
                if (j >= i) next[i, j] = p[i, j] + t * (p[i, j + 2] + p[i + 2, j]) + t * t * p[i + 2, j + 2];
                next[i, j + 2] = p[i, j + 2] + t * p[i + 2, j + 2];
            }
            next[i, i] += q * t * t * t * t / 4;
            next[i, i + 2] += q * t * t * t / 2;
            next[i + 2, i + 2] += q * t * t;
        }
        return new TrackEstimate(Position + Velocity * t, Velocity, next);
    }

    /// <summary>Returns the square of the Mahalanobis distance of two positions, with independent errors; infinite where it has no meaning.</summary>
    public static double Distance(in TrackEstimate a, in TrackEstimate b)
    {
        double xx = a.Covariance[0, 0] + b.Covariance[0, 0], xy = a.Covariance[0, 1] + b.Covariance[0, 1], yy = a.Covariance[1, 1] + b.Covariance[1, 1], det = xx * yy - xy * xy;
        Vector2D d = a.Position - b.Position;
        double squared = (yy * d.X * d.X - 2 * xy * d.X * d.Y + xx * d.Y * d.Y) / det;
        return det > 0 && squared >= 0 ? squared : double.PositiveInfinity;
    }
}
