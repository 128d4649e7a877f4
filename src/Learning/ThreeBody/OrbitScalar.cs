using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Learning;

/// <summary>One system.</summary>
internal readonly struct OrbitScalar(double value) : IOrbitLanes<OrbitScalar>
{
    public readonly double Value = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar Of(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar Load(ReadOnlySpan<double> source) => new(source[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OrbitScalar value, Span<double> target) => target[0] = value.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar Sqrt(OrbitScalar value) => new(Math.Sqrt(value.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar WhereAtMost(OrbitScalar a, OrbitScalar b, OrbitScalar yes, OrbitScalar no) => a.Value <= b.Value ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllAtMost(OrbitScalar a, OrbitScalar b) => a.Value <= b.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar operator +(OrbitScalar a, OrbitScalar b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar operator -(OrbitScalar a, OrbitScalar b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar operator *(OrbitScalar a, OrbitScalar b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitScalar operator /(OrbitScalar a, OrbitScalar b) => new(a.Value / b.Value);
}
