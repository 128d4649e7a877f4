using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>The element-wise functions of the operators, written once for any number of lanes. NaN stays NaN in all of them.</summary>
internal static class ElementFunctions
{
    internal interface IUnary
    {
        T Run<T>(T x) where T : struct, ILanes<T>;
    }

    internal interface IBinary
    {
        static abstract T Run<T>(T a, T b) where T : struct, ILanes<T>;
    }

    internal readonly struct Relu : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => T.Select(T.Less(x, T.Of(0)), T.Of(0), x);
    }

    internal readonly struct LeakyRelu(float alpha) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => T.Select(T.Less(x, T.Of(0)), T.Of(alpha) * x, x);
    }

    internal readonly struct Elu(float alpha) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => T.Select(T.Less(x, T.Of(0)), T.Of(alpha) * (FloatKernels.Exp(x) - T.Of(1)), x);
    }

    internal readonly struct Tanh : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Tanh(x);
    }

    internal readonly struct Sigmoid : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Sigmoid(x);
    }

    internal readonly struct HardSigmoid(float alpha, float beta) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => new Clip(0, 1).Run(T.Of(alpha) * x + T.Of(beta));
    }

    internal readonly struct Exp : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => FloatKernels.Exp(x);
    }

    internal readonly struct Neg : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => x ^ T.OfBits(int.MinValue);
    }

    internal readonly struct Abs : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T> => x & T.OfBits(int.MaxValue);
    }

    /// <remarks>The upper bound counts where the bounds cross, as the ONNX specification says since operator set 13.</remarks>
    internal readonly struct Clip(float low, float high) : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Run<T>(T x) where T : struct, ILanes<T>
        {
            T y = T.Select(T.Less(x, T.Of(low)), T.Of(low), x);
            return T.Select(T.Less(T.Of(high), y), T.Of(high), y);
        }
    }

    internal readonly struct Add : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => a + b;
    }

    internal readonly struct Sub : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => a - b;
    }

    internal readonly struct Mul : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => a * b;
    }

    internal readonly struct Div : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => a / b;
    }

    internal readonly struct Max : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.Equal(b, b), T.Select(T.Less(a, b), b, a), b);
    }

    internal readonly struct Min : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => T.Select(T.Equal(b, b), T.Select(T.Less(b, a), b, a), b);
    }

    // Truth is the number 1, so that a Cast costs nothing.
    internal readonly struct Greater : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => T.Less(b, a) & T.Of(1);
    }

    internal readonly struct GreaterOrEqual : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => (T.Less(b, a) ^ T.Equal(a, b)) & T.Of(1);
    }

    internal readonly struct Less : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => T.Less(a, b) & T.Of(1);
    }

    internal readonly struct LessOrEqual : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Run<T>(T a, T b) where T : struct, ILanes<T> => (T.Less(a, b) ^ T.Equal(a, b)) & T.Of(1);
    }
}
