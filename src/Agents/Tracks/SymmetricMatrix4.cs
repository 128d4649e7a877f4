using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Agents;

/// <summary>A symmetric 4 × 4 matrix by its upper triangle, row by row: the covariance of [x, y, vx, vy].</summary>
/// <remarks>A plain value of ten doubles; 0 bytes allocated.</remarks>
[InlineArray(Length)]
public struct SymmetricMatrix4 : IEquatable<SymmetricMatrix4>
{
    /// <summary>Numbers in the triangle.</summary>
    public const int Length = 10;

    private double _first;

    /// <summary>Gets or sets the element in a row and a column.</summary>
    public double this[int row, int column]
    {
        readonly get => this[Index(row, column)];
        set => this[Index(row, column)] = value;
    }

    /// <summary>Makes a diagonal matrix.</summary>
    public static SymmetricMatrix4 Diagonal(double a, double b, double c, double d)
    {
        var m = default(SymmetricMatrix4);
        (m[0, 0], m[1, 1], m[2, 2], m[3, 3]) = (a, b, c, d);
        return m;
    }

    /// <summary>Returns wa·a + wb·b.</summary>
    public static SymmetricMatrix4 Blend(in SymmetricMatrix4 a, double wa, in SymmetricMatrix4 b, double wb)
    {
        var m = default(SymmetricMatrix4);
        for (int i = 0; i < Length; i++) m[i] = wa * a[i] + wb * b[i];
        return m;
    }

    /// <summary>Returns the determinant, 0 unless the matrix is positive definite.</summary>
    public readonly double Determinant()
    {
        Span<double> l = stackalloc double[16];
        if (!TryFactor(l)) return 0;
        double root = l[0] * l[5] * l[10] * l[15];
        return root * root;
    }

    /// <summary>Finds the inverse.</summary>
    /// <returns>False unless the matrix is positive definite and finite.</returns>
    public readonly bool TryInvert(out SymmetricMatrix4 inverse)
    {
        inverse = default;
        Span<double> l = stackalloc double[16], x = stackalloc double[4];
        if (!TryFactor(l)) return false;
        for (int column = 0; column < 4; column++)
        {
            x.Clear();
            x[column] = 1;
            Solve(l, x);
            for (int row = 0; row <= column; row++) inverse[row, column] = x[row];
        }
        return true;
    }

    /// <summary>Multiplies with a vector of four.</summary>
    public readonly void Multiply(ReadOnlySpan<double> vector, Span<double> result)
    {
        for (int i = 0; i < 4; i++)
        {
            double sum = 0;
            for (int j = 0; j < 4; j++) sum += this[i, j] * vector[j];
            result[i] = sum;
        }
    }

    /// <inheritdoc/>
    public readonly bool Equals(SymmetricMatrix4 other)
    {
        for (int i = 0; i < Length; i++)
        {
            if (!this[i].Equals(other[i])) return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is SymmetricMatrix4 other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => this[0].GetHashCode();

    /// <summary>Tells whether two matrices are equal.</summary>
    public static bool operator ==(SymmetricMatrix4 a, SymmetricMatrix4 b) => a.Equals(b);

    /// <summary>Tells whether two matrices differ.</summary>
    public static bool operator !=(SymmetricMatrix4 a, SymmetricMatrix4 b) => !a.Equals(b);

    private static int Index(int row, int column)
    {
        if (row > column) (row, column) = (column, row);
        return row * (7 - row) / 2 + column;
    }

    /// <summary>Cholesky: the lower factor, row by row.</summary>
    private readonly bool TryFactor(Span<double> l)
    {
        for (int i = 0; i < 4; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = this[i, j];
                for (int k = 0; k < j; k++) sum -= l[4 * i + k] * l[4 * j + k];
                if (i != j)
                {
                    l[4 * i + j] = sum / l[5 * j];
                    continue;
                }
                // Not a number fails here too.
                if (!(sum > 0) || !double.IsFinite(sum)) return false;
                l[5 * i] = Math.Sqrt(sum);
            }
        }
        return true;
    }

    private static void Solve(ReadOnlySpan<double> l, Span<double> x)
    {
        for (int i = 0; i < 4; i++)
        {
            for (int k = 0; k < i; k++) x[i] -= l[4 * i + k] * x[k];
            x[i] /= l[5 * i];
        }
        for (int i = 3; i >= 0; i--)
        {
            for (int k = i + 1; k < 4; k++) x[i] -= l[4 * k + i] * x[k];
            x[i] /= l[5 * i];
        }
    }
}
